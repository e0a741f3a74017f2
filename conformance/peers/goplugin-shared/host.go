package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/hashicorp/go-plugin"
)

// A line on stdin: an operation (see perform, and operations.go), its arguments, and an id that its answer repeats.
type request struct {
	ID        int               `json:"id"`
	Op        string            `json:"op"`
	Text      string            `json:"text"`
	Bytes     []byte            `json:"bytes"`
	Size      int               `json:"size"`
	Numbers   []int             `json:"numbers"`
	Lines     []string          `json:"lines"`
	Metadata  map[string]string `json:"metadata"`
	TimeoutMS int               `json:"timeoutMs"`
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
		HandshakeConfig:  handshake,
		AllowedProtocols: []plugin.Protocol{transport},
		Logger:           logger,
		AutoMTLS:         o.autoMTLS,
		SyncStdout:       &h.stdout,
		SyncStderr:       &h.stderr,
		TLSConfig:        o.tlsConfig(),
	}
	if o.cookie != "" {
		config.MagicCookieValue = o.cookie
	}
	if o.reattach != "" {
		config.Reattach = parseReattach(o.reattach)
	} else {
		config.Cmd = exec.Command(command[0], command[1:]...)
	}
	if o.checksum != "" {
		checksum, err := hex.DecodeString(o.checksum)
		if err != nil {
			fail("bad -checksum: %v", err)
		}
		config.SecureConfig = &plugin.SecureConfig{Checksum: checksum, Hash: sha256.New()}
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

func (h *host) answer(r request) response {
	ctx := context.Background()
	if r.TimeoutMS > 0 {
		limited, cancel := context.WithTimeout(ctx, time.Duration(r.TimeoutMS)*time.Millisecond)
		defer cancel()
		ctx = limited
	}
	result, err := h.perform(ctx, r)
	if err != nil {
		return response{ID: r.ID, Error: err.Error(), Status: statusOf(err)}
	}
	return response{ID: r.ID, Result: result}
}

// What every host does; the transport's own operations are in operate.
func (h *host) perform(ctx context.Context, r request) (interface{}, error) {
	switch r.Op {
	case "start":
		return h.start()
	case "reattach":
		return h.reattachConfig()
	case "ping":
		protocol, err := h.client.Client()
		if err != nil {
			return nil, err
		}
		return "pong", protocol.Ping()
	case "kill":
		h.client.Kill()
		return h.client.Exited(), nil
	case "exited":
		return h.client.Exited(), nil
	case "stdout":
		return h.stdout.String(), nil
	case "stderr":
		return h.stderr.String(), nil
	case "dispense":
		_, err := h.dispense(r.Text)
		return nil, err
	default:
		return h.operate(ctx, r)
	}
}

func (h *host) start() (interface{}, error) {
	if _, err := h.client.Client(); err != nil {
		return nil, err
	}
	reattach := h.client.ReattachConfig()
	return map[string]interface{}{
		"protocol": h.client.Protocol(),
		"version":  h.client.NegotiatedVersion(),
		"network":  reattach.Addr.Network(),
		"pid":      reattach.Pid,
	}, nil
}

func (h *host) dispense(name string) (interface{}, error) {
	protocol, err := h.client.Client()
	if err != nil {
		return nil, err
	}
	return protocol.Dispense(name)
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
