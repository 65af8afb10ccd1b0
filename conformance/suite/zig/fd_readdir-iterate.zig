//! fd_readdir: iterating over a folder gives each entry once.
const std = @import("std");
const check = @import("check.zig");

pub fn main(init: std.process.Init) !void {
    const io = init.io;
    const root = std.Io.Dir.cwd();
    try root.createDir(io, "sub", .default_dir);
    var sub = try root.openDir(io, "sub", .{ .iterate = true });
    defer sub.close(io);
    var seen: [50]u8 = @splat(0);
    for (0..seen.len) |i| {
        var name: [2]u8 = .{ '0' + @as(u8, @intCast(i / 10)), '0' + @as(u8, @intCast(i % 10)) };
        try sub.writeFile(io, .{ .sub_path = &name, .data = "" });
    }
    var it = sub.iterate();
    while (try it.next(io)) |entry| seen[try std.fmt.parseInt(usize, entry.name, 10)] += 1;
    for (seen) |n| try check.number("times that an entry came", n, 1);
}
