package main

import (
	"fmt"
	"log"
	"sync/atomic"

	"github.com/hashicorp/consul/agent/connect/ca"
	"github.com/hashicorp/consul/agent/consul/state"
	"github.com/hashicorp/consul/agent/structs"
)

// consulProvider puts the cluster's configuration where ConsulProvider looks for the cluster's id:
// in Consul the leader has stored it before it configures the provider.
type consulProvider struct {
	*ca.ConsulProvider
	delegate *memoryDelegate
}

func newConsulProvider() *consulProvider {
	delegate := newMemoryDelegate()
	return &consulProvider{&ca.ConsulProvider{Delegate: delegate}, delegate}
}

func (p *consulProvider) Configure(clusterID string, isRoot bool, raw map[string]interface{}) error {
	index := atomic.AddUint64(&p.delegate.index, 1)
	config := &structs.CAConfiguration{ClusterID: clusterID, Provider: "consul", Config: raw}
	if err := p.delegate.store.CASetConfig(index, config); err != nil {
		return err
	}
	return p.ConsulProvider.Configure(clusterID, isRoot, raw)
}

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
