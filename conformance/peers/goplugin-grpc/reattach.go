package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"

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
	out := reattachJSON{
		Protocol:        string(config.Protocol),
		ProtocolVersion: config.ProtocolVersion,
		Pid:             config.Pid,
		Test:            config.Test,
	}
	out.Addr.Network = config.Addr.Network()
	out.Addr.String = config.Addr.String()
	return out
}

// Prints where a plugin in test mode serves, once it does.
func printReattach(configs <-chan *plugin.ReattachConfig) {
	if err := json.NewEncoder(os.Stdout).Encode(toReattachJSON(<-configs)); err != nil {
		fail("cannot print the reattach config: %v", err)
	}
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
	return &plugin.ReattachConfig{
		Protocol:        plugin.Protocol(in.Protocol),
		ProtocolVersion: in.ProtocolVersion,
		Pid:             in.Pid,
		Test:            in.Test,
		Addr:            addr,
	}
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
