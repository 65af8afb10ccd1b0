/* The part of the Internet Computer's System API that these programs use. */
#include <stddef.h>

#define IC0(name) __attribute__((import_module("ic0"), import_name(#name)))
#define METHOD(name) __attribute__((export_name(name)))

IC0(msg_arg_data_size) size_t ic0_msg_arg_data_size(void);
IC0(msg_arg_data_copy) void ic0_msg_arg_data_copy(void *to, size_t offset, size_t size);
IC0(msg_reply_data_append) void ic0_msg_reply_data_append(const void *from, size_t size);
IC0(msg_reply) void ic0_msg_reply(void);
IC0(msg_reject) void ic0_msg_reject(const void *from, size_t size);
IC0(trap) void ic0_trap(const void *from, size_t size);
IC0(debug_print) void ic0_debug_print(const void *from, size_t size);
