#include <math.h>
#include <string.h>

#include "compute.h"

struct body { double p[3], v[3], mass; };

/* The sun and four planets in units of the solar mass, the astronomical unit and the year. */
static const struct body system_at_start[5] = {
    {{0, 0, 0}, {0, 0, 0}, 39.47841760435743},
    {{4.84143144246472090, -1.16032004402742839, -0.103622044471123109},
     {0.606326392995832, 2.81198684491626, -0.02521836165988763}, 0.03769367487038949},
    {{8.34336671824457987, 4.12479856412430479, -0.403523417114321381},
     {-1.01077434617879, 1.82566237123041, 0.00841576137658415}, 0.011286326131968767},
    {{12.8943695621391310, -15.1111514016986312, -0.223307578892655734},
     {1.08279100644154, 0.868713018169608, -0.01083263740136364}, 0.0017237240570597112},
    {{15.3796971148509165, -25.9193146099879641, 0.179258772950371181},
     {0.979090732243898, 0.594698998647676, -0.034755955504078104}, 0.0020336868699246304},
};

static void pull(struct body *a, struct body *b, double dt) {
    double d[3], r2 = 0;
    for (int k = 0; k < 3; k++) {
        d[k] = a->p[k] - b->p[k];
        r2 += d[k] * d[k];
    }
    double mag = dt / (r2 * sqrt(r2));
    for (int k = 0; k < 3; k++) {
        a->v[k] -= d[k] * b->mass * mag;
        b->v[k] += d[k] * a->mass * mag;
    }
}

/* Floating point and memory: n steps of five bodies; returns the bits of the last x. */
EXPORT("nbody") uint64_t nbody(uint32_t n) {
    struct body s[5];
    memcpy(s, system_at_start, sizeof s);
    for (; n; n--) {
        for (int i = 0; i < 5; i++)
            for (int j = i + 1; j < 5; j++)
                pull(&s[i], &s[j], 0.01);
        for (int i = 0; i < 5; i++)
            for (int k = 0; k < 3; k++)
                s[i].p[k] += 0.01 * s[i].v[k];
    }
    uint64_t bits;
    memcpy(&bits, &s[4].p[0], sizeof bits);
    return bits;
}

int main(int argc, char **argv) { return compute_main(argc, argv, 100000, nbody); }
