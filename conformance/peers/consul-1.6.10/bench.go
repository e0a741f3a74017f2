package main

import (
	"bufio"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/consul/agent/connect/ca"
	caplugin "github.com/hashicorp/consul/agent/connect/ca/plugin"
	hclog "github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
)

// Any UUID: the cluster that the measured request belongs to.
const benchCluster = "11111111-2222-3333-4444-555555555555"

// bench signs a request over and over: with Consul's provider in this process, or across Consul's own host
// code by the plugin that argv starts. It answers {"inFlight":N,"ms":N} a line on stdin with {"value":N},
// signatures a second.
func bench(transport, csrBase64 string, argv []string) {
	der, err := base64.StdEncoding.DecodeString(csrBase64)
	check(err)
	csr, err := x509.ParseCertificateRequest(der)
	check(err)
	provider, end := benchProvider(transport, argv)
	defer end()
	check(provider.Configure(benchCluster, true, map[string]interface{}{}))
	check(provider.GenerateRoot())
	out := json.NewEncoder(os.Stdout)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var request struct{ InFlight, Ms int }
		check(json.Unmarshal(lines.Bytes(), &request))
		value := signsPerSecond(provider, csr, request.InFlight, time.Duration(request.Ms)*time.Millisecond)
		check(out.Encode(map[string]float64{"value": value}))
	}
}

func benchProvider(transport string, argv []string) (ca.Provider, func()) {
	if transport == "inprocess" {
		return newConsulProvider(), func() {}
	}
	config := caplugin.ClientConfig()
	config.Cmd = exec.Command(argv[0], argv[1:]...)
	config.Logger = hclog.NewNullLogger()
	if transport == "grpc" {
		config.AllowedProtocols = []plugin.Protocol{plugin.ProtocolGRPC}
	}
	client := plugin.NewClient(config)
	provider, err := dispense(client)
	if err != nil {
		client.Kill()
		log.Fatal(err)
	}
	return provider, client.Kill
}

func signsPerSecond(provider ca.Provider, csr *x509.CertificateRequest, inFlight int, span time.Duration) float64 {
	var done int64
	var workers sync.WaitGroup
	begin := time.Now()
	for i := 0; i < inFlight; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for time.Since(begin) < span {
				_, err := provider.Sign(csr)
				check(err)
				atomic.AddInt64(&done, 1)
			}
		}()
	}
	workers.Wait()
	return float64(done) / time.Since(begin).Seconds()
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
