//! path_open: errors of the standard library.
const std = @import("std");
const check = @import("check.zig");

pub fn main(init: std.process.Init) !void {
    const io = init.io;
    const root = std.Io.Dir.cwd();
    try check.fails("a missing file", root.openFile(io, "missing", .{}), error.FileNotFound);
    try check.fails("below a file", root.openFile(io, "hello.txt/below", .{}), error.NotDir);
    try check.fails("a folder that is there", root.createDir(io, "dir", .default_dir), error.PathAlreadyExists);
    try check.fails("a full folder", root.deleteDir(io, "dir"), error.DirNotEmpty);
}
