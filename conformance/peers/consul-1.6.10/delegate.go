package main

import (
	"fmt"
	"log"
	"sync/atomic"

	"github.com/hashicorp/consul/agent/consul/state"
	"github.com/hashicorp/consul/agent/structs"
)

// memoryDelegate keeps ConsulProvider's state in Consul's own state store, without Raft below it.
type memoryDelegate struct {
	store *state.Store
	index uint64
}

func newMemoryDelegate() *memoryDelegate {
	store, err := state.NewStateStore(nil)
	if err != nil {
		log.Fatal(err)
	}
	return &memoryDelegate{store: store}
}

func (d *memoryDelegate) State() *state.Store { return d.store }

func (d *memoryDelegate) ApplyCARequest(request *structs.CARequest) (interface{}, error) {
	index := atomic.AddUint64(&d.index, 1)
	switch request.Op {
	case structs.CAOpSetProviderState:
		return d.store.CASetProviderState(index, request.ProviderState)
	case structs.CAOpDeleteProviderState:
		return true, d.store.CADeleteProviderState(request.ProviderState.ID)
	case structs.CAOpIncrementProviderSerialNumber:
		return index, nil
	}
	return nil, fmt.Errorf("unexpected CA operation %q", request.Op)
}
