/* The list of workloads. The later ones of a group need the files of the first. */
#define WORKLOADS(X)                                                      \
    X(start)                                                              \
    X(w4k) X(w64k) X(w1m) X(r4k) X(r64k) X(r1m)                           \
    X(rand4k) X(randw4k) X(o4k) X(o64k)                                   \
    X(mk1000) X(stat1000) X(read1000) X(readdir1000) X(rename100) X(unlink1000) \
    X(replace20) X(recreate20)

/* run gives 0, or another number where the workload failed. */
struct workload { const char *name; int (*run)(void); };

/* All workloads, ended by one without name. */
extern const struct workload workloads[];
