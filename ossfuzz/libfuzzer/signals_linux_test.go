package libfuzzer

import (
	"syscall"
	"testing"
)

func TestUseSignalStacks(t *testing.T) {
	const signal = int(syscall.SIGUSR2)
	var before, after action
	if err := sigaction(signal, nil, &before); err != nil || before.handler <= 1 || before.flags&onStack == 0 {
		t.Fatalf("%+v, %v: Go has no handler", before, err)
	}
	foreign := before
	foreign.flags &^= onStack
	if err := sigaction(signal, &foreign, nil); err != nil {
		t.Fatal(err)
	}
	if err := useSignalStacks(); err != nil {
		t.Fatal(err)
	}
	if err := sigaction(signal, nil, &after); err != nil || after != before {
		t.Errorf("%+v, was %+v, %v", after, before, err)
	}
	var kill action
	if err := sigaction(int(syscall.SIGKILL), nil, &kill); err != nil || kill.handler != 0 {
		t.Errorf("%+v, %v", kill, err)
	}
}
