// Consul 1.6.10's own CA providers as plugins, and its own host code, on the go-plugin it shipped with.
//
//	consul-ca serve vault|consul|canned [netrpc|grpc]    a plugin
//	consul-ca host netrpc|grpc COMMAND [ARG…]            a host, driven by JSON lines on stdio
//	consul-ca bench inprocess|netrpc|grpc CSR [COMMAND [ARG…]]   a host that measures
package main

import (
	"log"
	"os"

	"github.com/hashicorp/consul/agent/connect/ca"
	caplugin "github.com/hashicorp/consul/agent/connect/ca/plugin"
	"github.com/hashicorp/go-plugin"
)

func main() {
	if len(os.Args) >= 3 && os.Args[1] == "serve" {
		transport := "netrpc"
		if len(os.Args) > 3 {
			transport = os.Args[3]
		}
		serve(os.Args[2], transport)
		return
	}
	if len(os.Args) >= 4 && os.Args[1] == "host" {
		host(os.Args[2], os.Args[3:])
		return
	}
	if len(os.Args) >= 4 && os.Args[1] == "bench" {
		bench(os.Args[2], os.Args[3], os.Args[4:])
		return
	}
	log.Fatal("usage: consul-ca serve vault|consul|canned [netrpc|grpc] | host netrpc|grpc COMMAND [ARG…] | bench …")
}

func serve(name, transport string) {
	provider := providerNamed(name)
	if transport == "netrpc" {
		caplugin.Serve(provider)
		return
	}
	// Consul's own Serve offers net/rpc alone; the rest of its gRPC transport is there.
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: caplugin.ClientConfig().HandshakeConfig,
		Plugins:         map[string]plugin.Plugin{caplugin.Name: &caplugin.ProviderPlugin{Impl: provider}},
		GRPCServer:      plugin.DefaultGRPCServer,
	})
}

func providerNamed(name string) ca.Provider {
	switch name {
	case "vault":
		return &ca.VaultProvider{}
	case "consul":
		return newConsulProvider()
	case "canned":
		return &canned{}
	}
	log.Fatalf("no provider is called %q", name)
	return nil
}
