// The Go side of the benchmarks: go-plugin's own host and plugin, measured the way ours are.
//
//	bench plugin grpc|netrpc     serves an in-memory key/value store as a plugin
//	bench host grpc|netrpc CMD…  launches CMD as the plugin and answers measuring requests
//	bench host yamux|gob         answers requests about a stream of yamux, or about gob
//
// The host reads one JSON request a line on stdin, {"mode":"p50","calls":N} or
// {"mode":"rps","inFlight":N,"ms":N} or {"mode":"server_stream"|"client_stream"|"encode"|"decode","ms":N}, and
// answers each with one line, {"value":N}: microseconds of the median call, calls, megabytes or values a second.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/examples/grpc/shared"
)

type memoryKV struct {
	mu     sync.RWMutex
	values map[string][]byte
}

func (kv *memoryKV) Put(key string, value []byte) error {
	kv.mu.Lock()
	defer kv.mu.Unlock()
	kv.values[key] = value
	return nil
}

func (kv *memoryKV) Get(key string) ([]byte, error) {
	kv.mu.RLock()
	defer kv.mu.RUnlock()
	return kv.values[key], nil
}

func pluginName(protocol string) string {
	if protocol == "grpc" {
		return shared.PluginGRPC
	}
	return shared.PluginNetRPC
}

func serve(protocol string) {
	impl := &memoryKV{values: map[string][]byte{"hello": []byte("world")}}
	config := &plugin.ServeConfig{
		HandshakeConfig: shared.Handshake,
		Logger:          hclog.NewNullLogger(),
		Plugins:         map[string]plugin.Plugin{},
	}
	// A server refuses a plugin that cannot speak its protocol, so each gets its own.
	if protocol == "grpc" {
		config.GRPCServer = plugin.DefaultGRPCServer
		config.Plugins[shared.PluginGRPC] = &shared.KVGRPCPlugin{Impl: impl}
		config.Plugins[streamerName] = &streamerPlugin{}
	} else {
		config.Plugins[shared.PluginNetRPC] = &shared.KVPlugin{Impl: impl}
	}
	plugin.Serve(config)
}

type request struct {
	Mode     string `json:"mode"`
	Calls    int    `json:"calls"`
	InFlight int    `json:"inFlight"`
	Ms       int    `json:"ms"`
}

func (r request) span() time.Duration { return time.Duration(r.Ms) * time.Millisecond }

func medianMicros(kv shared.KV, calls int) float64 {
	took := make([]time.Duration, calls)
	for i := range took {
		begin := time.Now()
		if _, err := kv.Get("hello"); err != nil {
			fail(err)
		}
		took[i] = time.Since(begin)
	}
	sort.Slice(took, func(a, b int) bool { return took[a] < took[b] })
	return float64(took[calls/2].Nanoseconds()) / 1000
}

func callsPerSecond(kv shared.KV, inFlight int, span time.Duration) float64 {
	var done atomic.Int64
	var workers sync.WaitGroup
	begin := time.Now()
	for range inFlight {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for time.Since(begin) < span {
				if _, err := kv.Get("hello"); err != nil {
					fail(err)
				}
				done.Add(1)
			}
		}()
	}
	workers.Wait()
	return float64(done.Load()) / time.Since(begin).Seconds()
}

func host(protocol string, autoTLS bool, command []string) {
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: shared.Handshake,
		Plugins: map[string]plugin.Plugin{
			shared.PluginGRPC:   &shared.KVGRPCPlugin{},
			shared.PluginNetRPC: &shared.KVPlugin{},
			streamerName:        &streamerPlugin{},
		},
		Cmd:              exec.Command(command[0], command[1:]...),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolNetRPC, plugin.ProtocolGRPC},
		AutoMTLS:         autoTLS,
		Logger:           hclog.NewNullLogger(),
	})
	defer client.Kill()
	rpc, err := client.Client()
	if err != nil {
		fail(err)
	}
	raw, err := rpc.Dispense(pluginName(protocol))
	if err != nil {
		fail(err)
	}
	kv := raw.(shared.KV)
	measures := map[string]measure{
		"p50": func(r request) float64 { return medianMicros(kv, r.Calls) },
		"rps": func(r request) float64 { return callsPerSecond(kv, r.InFlight, r.span()) },
	}
	if protocol == "grpc" {
		raw, err := rpc.Dispense(streamerName)
		if err != nil {
			fail(err)
		}
		transfers := raw.(*streams)
		measures["server_stream"] = func(r request) float64 { return megabytesPerSecond(transfers.read, r.span()) }
		measures["client_stream"] = func(r request) float64 { return megabytesPerSecond(transfers.write, r.span()) }
	}
	answer(measures)
}

type measure = func(request) float64

// Answers requests on stdin, each by the measure of its mode, until stdin ends.
func answer(measures map[string]measure) {
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			fail(err)
		}
		measure, known := measures[r.Mode]
		if !known {
			fail(fmt.Errorf("unknown mode %q", r.Mode))
		}
		if err := out.Encode(map[string]float64{"value": measure(r)}); err != nil {
			fail(err)
		}
	}
	if err := lines.Err(); err != nil && err != io.EOF {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}

func main() {
	if len(os.Args) < 3 {
		fail(fmt.Errorf("usage: bench plugin|host|host-mtls grpc|netrpc [plugin command…]"))
	}
	switch os.Args[1] {
	case "plugin":
		serve(os.Args[2])
	case "sink":
		sinkYamux(os.Args[2])
	case "host":
		switch os.Args[2] {
		case "yamux":
			hostYamux()
			return
		case "gob":
			hostGob()
			return
		}
		host(os.Args[2], false, os.Args[3:])
	case "host-mtls":
		host(os.Args[2], true, os.Args[3:])
	default:
		fail(fmt.Errorf("unknown role %q", os.Args[1]))
	}
}
