package main

import (
	"encoding/json"
	"fmt"
	"net"

	"github.com/hashicorp/go-plugin"
)

// A ReattachConfig as Terraform's TF_REATTACH_PROVIDERS has it: Go's own JSON of a net.Addr cannot be read back.
type reattachJSON struct {
	Protocol        string
	ProtocolVersion int
	Pid             int
	Test            bool
	Addr            struct{ Network, String string }
}

// What another host needs to take this host's plugin over.
func (h *host) reattachConfig() (interface{}, error) {
	if _, err := h.client.Client(); err != nil {
		return nil, err
	}
	return toReattachJSON(h.client.ReattachConfig()), nil
}

func toReattachJSON(config *plugin.ReattachConfig) reattachJSON {
	out := reattachJSON{Protocol: string(config.Protocol), Pid: config.Pid}
	out.Addr.Network = config.Addr.Network()
	out.Addr.String = config.Addr.String()
	writeTestMode(config, &out)
	return out
}

func parseReattach(text string) *plugin.ReattachConfig {
	var in reattachJSON
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		fail("bad reattach config: %v", err)
	}
	addr, err := resolve(in.Addr.Network, in.Addr.String)
	if err != nil {
		fail("bad address in the reattach config: %v", err)
	}
	config := &plugin.ReattachConfig{Protocol: plugin.Protocol(in.Protocol), Pid: in.Pid, Addr: addr}
	readTestMode(in, config)
	return config
}

func resolve(network, address string) (net.Addr, error) {
	switch network {
	case "unix":
		return net.ResolveUnixAddr(network, address)
	case "tcp":
		return net.ResolveTCPAddr(network, address)
	default:
		return nil, fmt.Errorf("unknown network %q", network)
	}
}
