/* Runs a JavaScript file: quickjs SCRIPT [ARGUMENT...]

   The script has print(value...), readFile(path), writeFile(path, text) and
   the array args. An exception that nothing catches is printed with its stack
   and ends the run with exit code 1. */
#include "quickjs.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path, size_t *size) {
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    long end = ftell(f);
    rewind(f);
    char *text = end < 0 ? NULL : malloc(end + 1);
    if (text) {
        *size = fread(text, 1, end, f);
        text[*size] = 0;
    }
    fclose(f);
    return text;
}

static JSValue print(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
    (void)this;
    for (int i = 0; i < argc; i++) {
        const char *text = JS_ToCString(ctx, argv[i]);
        if (!text)
            return JS_EXCEPTION;
        printf("%s%s", i ? " " : "", text);
        JS_FreeCString(ctx, text);
    }
    putchar('\n');
    return JS_UNDEFINED;
}

static JSValue js_read_file(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
    (void)this, (void)argc;
    const char *path = JS_ToCString(ctx, argv[0]);
    if (!path)
        return JS_EXCEPTION;
    size_t size;
    char *text = read_file(path, &size);
    JSValue result = text ? JS_NewStringLen(ctx, text, size) : JS_ThrowReferenceError(ctx, "cannot read %s", path);
    free(text);
    JS_FreeCString(ctx, path);
    return result;
}

static JSValue js_write_file(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
    (void)this, (void)argc;
    size_t size;
    const char *path = JS_ToCString(ctx, argv[0]);
    const char *text = JS_ToCStringLen(ctx, &size, argv[1]);
    FILE *f = path && text ? fopen(path, "wb") : NULL;
    int written = f && fwrite(text, 1, size, f) == size;
    if (f && fclose(f) != 0)
        written = 0;
    JSValue result = written ? JS_UNDEFINED : JS_ThrowReferenceError(ctx, "cannot write %s", path ? path : "?");
    JS_FreeCString(ctx, path);
    JS_FreeCString(ctx, text);
    return result;
}

static void add(JSContext *ctx, JSValue global, const char *name, JSCFunction *f, int arguments) {
    JS_SetPropertyStr(ctx, global, name, JS_NewCFunction(ctx, f, name, arguments));
}

static void print_property(JSContext *ctx, JSValue value, const char *name) {
    JSValue property = name ? JS_GetPropertyStr(ctx, value, name) : JS_DupValue(ctx, value);
    const char *text = JS_ToCString(ctx, property);
    fprintf(stderr, "%s\n", text ? text : "?");
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, property);
}

static int fail(JSContext *ctx) {
    JSValue exception = JS_GetException(ctx);
    print_property(ctx, exception, NULL);
    if (JS_IsError(ctx, exception))
        print_property(ctx, exception, "stack");
    JS_FreeValue(ctx, exception);
    return 1;
}

/* run_jobs runs what promises left to do. */
static int run_jobs(JSRuntime *runtime) {
    JSContext *ctx;
    int state;
    while ((state = JS_ExecutePendingJob(runtime, &ctx)) > 0)
        ;
    return state < 0 ? fail(ctx) : 0;
}

int main(int argc, char **argv) {
    size_t size;
    char *script = argc < 2 ? NULL : read_file(argv[1], &size);
    if (!script) {
        fprintf(stderr, argc < 2 ? "usage: quickjs SCRIPT [ARGUMENT...]\n" : "quickjs: cannot read the script\n");
        return 2;
    }
    JSRuntime *runtime = JS_NewRuntime();
    JSContext *ctx = JS_NewContext(runtime);
    JSValue global = JS_GetGlobalObject(ctx), args = JS_NewArray(ctx);
    add(ctx, global, "print", print, 1);
    add(ctx, global, "readFile", js_read_file, 1);
    add(ctx, global, "writeFile", js_write_file, 2);
    for (int i = 2; i < argc; i++)
        JS_SetPropertyUint32(ctx, args, i - 2, JS_NewString(ctx, argv[i]));
    JS_SetPropertyStr(ctx, global, "args", args);
    JSValue result = JS_Eval(ctx, script, size, argv[1], JS_EVAL_TYPE_GLOBAL);
    int code = JS_IsException(result) ? fail(ctx) : run_jobs(runtime);
    JS_FreeValue(ctx, result);
    JS_FreeValue(ctx, global);
    JS_FreeContext(ctx);
    JS_FreeRuntime(runtime);
    return code;
}
