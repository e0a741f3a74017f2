package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"sync"

	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/examples/grpc/shared"
)

// A line on stdin: an operation (see operations.go), its arguments, and an id that its answer repeats.
type request struct {
	ID        int      `json:"id"`
	Op        string   `json:"op"`
	Text      string   `json:"text"`
	Bytes     []byte   `json:"bytes"`
	Numbers   []uint32 `json:"numbers"`
	Lines     []string `json:"lines"`
	TimeoutMS int      `json:"timeoutMs"`
}

// A line on stdout: what the operation gave, or the error with its gRPC status.
type response struct {
	ID     int         `json:"id"`
	Result interface{} `json:"result,omitempty"`
	Error  string      `json:"error,omitempty"`
	Status string      `json:"status,omitempty"`
}

type host struct {
	client *plugin.Client
	stdout syncedBuffer
	stderr syncedBuffer
}

func runHost(o options, command []string) {
	if len(command) == 0 && o.reattach == "" {
		fail("a host needs a command to launch, after --, or a plugin to attach to")
	}
	h := &host{}
	config := &plugin.ClientConfig{
		HandshakeConfig:  shared.Handshake,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           logger,
		AutoMTLS:         o.autoMTLS,
		SyncStdout:       &h.stdout,
		SyncStderr:       &h.stderr,
	}
	if o.reattach != "" {
		config.Reattach = parseReattach(o.reattach)
	} else {
		config.Cmd = exec.Command(command[0], command[1:]...)
	}
	if sets := o.versionedPlugins(); sets != nil {
		config.VersionedPlugins = sets
	} else {
		config.Plugins = pluginSet()
	}
	if o.mux {
		requestMux(config)
	}
	h.client = plugin.NewClient(config)
	h.serveStdin()
	h.client.Kill()
}

// Operations run side by side, so that one can end the plugin under another.
func (h *host) serveStdin() {
	var writing sync.Mutex
	answers := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	var running sync.WaitGroup
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			fail("bad line on stdin: %v", err)
		}
		running.Add(1)
		go func() {
			defer running.Done()
			answer := h.answer(r)
			writing.Lock()
			defer writing.Unlock()
			if err := answers.Encode(answer); err != nil {
				fail("cannot answer: %v", err)
			}
		}()
	}
	running.Wait()
}

// What the plugin printed, collected while it is being written.
type syncedBuffer struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (b *syncedBuffer) Write(chunk []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.Write(chunk)
}

func (b *syncedBuffer) String() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.String()
}
