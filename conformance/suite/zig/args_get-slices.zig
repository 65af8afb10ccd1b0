//! args_get: the arguments as slices.
const std = @import("std");
const check = @import("check.zig");

pub fn main(init: std.process.Init) !void {
    const args = try init.minimal.args.toSlice(init.arena.allocator());
    try check.number("arguments", args.len, 4);
    try check.text("argument 1", args[1], "one");
    try check.text("argument 2", args[2], "");
    try check.text("argument 3", args[3], "grün");
}
