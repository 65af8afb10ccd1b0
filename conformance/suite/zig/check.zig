//! Checks that say what was expected and what came.
const std = @import("std");

pub fn text(what: []const u8, got: []const u8, want: []const u8) !void {
    if (std.mem.eql(u8, got, want)) return;
    std.debug.print("{s}: expected [{s}], got [{s}]\n", .{ what, want, got });
    return error.Unexpected;
}

pub fn number(what: []const u8, got: u64, want: u64) !void {
    if (got == want) return;
    std.debug.print("{s}: expected {d}, got {d}\n", .{ what, want, got });
    return error.Unexpected;
}

pub fn fails(what: []const u8, result: anytype, want: anyerror) !void {
    if (result) |_| {
        std.debug.print("{s}: expected {t}, got success\n", .{ what, want });
    } else |err| {
        if (err == want) return;
        std.debug.print("{s}: expected {t}, got {t}\n", .{ what, want, err });
    }
    return error.Unexpected;
}
