//! Zig's standard library at work on files, arguments and collections.
const std = @import("std");
const Io = std.Io;

const Job = enum { numbers, words, files, arguments, fail, exit };

fn numbers(gpa: std.mem.Allocator, out: *Io.Writer) !void {
    const list = try gpa.alloc(u32, 100_000);
    defer gpa.free(list);
    var prng: std.Random.DefaultPrng = .init(42);
    for (list) |*n| n.* = prng.random().int(u32);
    std.mem.sort(u32, list, {}, std.sort.asc(u32));
    var digest: [std.crypto.hash.sha2.Sha256.digest_length]u8 = undefined;
    std.crypto.hash.sha2.Sha256.hash(std.mem.sliceAsBytes(list), &digest, .{});
    try out.print("{d} {d} {x}\n", .{ list[0], list[list.len - 1], &digest });
}

fn lessThan(_: void, a: []const u8, b: []const u8) bool {
    return std.mem.lessThan(u8, a, b);
}

/// Counts the words of standard input.
fn words(gpa: std.mem.Allocator, io: Io, out: *Io.Writer) !void {
    var buffer: [4096]u8 = undefined;
    var in: Io.File.Reader = .initStreaming(.stdin(), io, &buffer);
    const text = try in.interface.allocRemaining(gpa, .limited(1 << 20));
    defer gpa.free(text);
    var count: std.StringArrayHashMapUnmanaged(u32) = .empty;
    defer count.deinit(gpa);
    var it = std.mem.tokenizeAny(u8, text, " \n\t");
    while (it.next()) |word| {
        const entry = try count.getOrPutValue(gpa, word, 0);
        entry.value_ptr.* += 1;
    }
    const keys = try gpa.dupe([]const u8, count.keys());
    defer gpa.free(keys);
    std.mem.sort([]const u8, keys, {}, lessThan);
    for (keys) |key| try out.print("{s} {d}\n", .{ key, count.get(key).? });
}

fn files(gpa: std.mem.Allocator, io: Io, out: *Io.Writer) !void {
    const root = Io.Dir.cwd();
    try root.createDir(io, "tree", .default_dir);
    var tree = try root.openDir(io, "tree", .{ .iterate = true });
    defer tree.close(io);
    for (0..12) |i| {
        var name: [8]u8 = undefined;
        try tree.writeFile(io, .{ .sub_path = try std.fmt.bufPrint(&name, "{d}", .{i}), .data = "contents"[0 .. i % 9] });
    }
    try tree.rename("7", root, "seven", io);
    const data = try root.readFileAlloc(io, "seven", gpa, .limited(100));
    defer gpa.free(data);
    try tree.deleteFile(io, "3");
    var entries: usize = 0;
    var it = tree.iterate();
    while (try it.next(io)) |entry| entries += @intFromBool(entry.kind == .file);
    try out.print("{s} {d}\n", .{ data, entries });
    if (tree.statFile(io, "7", .{})) |_| return error.StillThere else |err| try out.print("{t}\n", .{err});
    if (root.createDir(io, "tree", .default_dir)) |_| return error.MadeTwice else |err| try out.print("{t}\n", .{err});
}

fn run(job: Job, init: std.process.Init, args: []const [:0]const u8, out: *Io.Writer) !void {
    switch (job) {
        .numbers => try numbers(init.gpa, out),
        .words => try words(init.gpa, init.io, out),
        .files => try files(init.gpa, init.io, out),
        .arguments => for (args) |arg| try out.print("[{s}]\n", .{arg}),
        .fail => return error.AskedToFail,
        .exit => {
            try out.writeAll("leaving\n");
            try out.flush();
            std.process.exit(6);
        },
    }
}

pub fn main(init: std.process.Init) !void {
    const args = try init.minimal.args.toSlice(init.arena.allocator());
    var buffer: [1024]u8 = undefined;
    var stdout: Io.File.Writer = .initStreaming(.stdout(), init.io, &buffer);
    const job = std.meta.stringToEnum(Job, if (args.len > 1) args[1] else "") orelse std.process.exit(2);
    try run(job, init, args[1..], &stdout.interface);
    try stdout.interface.flush();
}
