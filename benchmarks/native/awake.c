// Keeps the processors it may run on from halting, at the lowest priority there is, until whoever started it ends. On a
// virtual machine to halt and to wake again costs what the host makes of it, between 0.1 and 4 ms of the woken program's
// time, which says nothing about that program.
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void spin(int processor)
{
    cpu_set_t only;
    struct sched_param none = {0};

    CPU_ZERO(&only);
    CPU_SET(processor, &only);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || sched_setaffinity(0, sizeof only, &only) != 0
        || sched_setscheduler(0, SCHED_IDLE, &none) != 0) {
        perror("xiu-awake");
        _exit(1);
    }
    for (;;) {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#else
        __asm__ volatile("");
#endif
    }
}

int main(void)
{
    pid_t spinning[CPU_SETSIZE];
    int count = 0;
    cpu_set_t mine;
    sigset_t ends;
    int ended;

    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || sched_getaffinity(0, sizeof mine, &mine) != 0) {
        perror("xiu-awake");
        return 1;
    }
    for (int processor = 0; processor < CPU_SETSIZE; processor++)
        if (CPU_ISSET(processor, &mine) && (spinning[count++] = fork()) == 0)
            spin(processor);
    sigwait(&ends, &ended);
    // They die at their own priority, so after whatever else runs: gone when this is.
    for (int i = 0; i < count; i++)
        if (spinning[i] > 0)
            kill(spinning[i], SIGKILL);
    while (wait(NULL) > 0) {
    }
    return 0;
}
