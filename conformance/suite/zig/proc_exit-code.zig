//! proc_exit: std.process.exit ends the program with its code.
const std = @import("std");

pub fn main(init: std.process.Init) !void {
    var buffer: [64]u8 = undefined;
    var stdout: std.Io.File.Writer = .initStreaming(.stdout(), init.io, &buffer);
    try stdout.interface.writeAll("leaving\n");
    try stdout.interface.flush();
    std.process.exit(19);
}
