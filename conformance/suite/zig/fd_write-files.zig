//! fd_write, path_rename, path_unlink_file: files are written, moved and deleted.
const std = @import("std");
const check = @import("check.zig");

pub fn main(init: std.process.Init) !void {
    const io = init.io;
    const root = std.Io.Dir.cwd();
    try root.createDir(io, "sub", .default_dir);
    var sub = try root.openDir(io, "sub", .{ .iterate = true });
    defer sub.close(io);
    try sub.writeFile(io, .{ .sub_path = "file", .data = "contents" });
    try sub.rename("file", root, "moved", io);
    const data = try root.readFileAlloc(io, "moved", init.gpa, .limited(100));
    defer init.gpa.free(data);
    try check.text("content", data, "contents");
    try check.fails("the old name", sub.statFile(io, "file", .{}), error.FileNotFound);
    try root.deleteFile(io, "moved");
    try check.fails("the deleted name", root.statFile(io, "moved", .{}), error.FileNotFound);
}
