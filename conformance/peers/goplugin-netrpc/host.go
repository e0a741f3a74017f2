package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/rpc"
	"os"
	"os/exec"
	"sync"

	"github.com/hashicorp/go-plugin"
)

// A line on stdin: an operation (see perform), its arguments, and an id that its answer repeats.
type request struct {
	ID      int    `json:"id"`
	Op      string `json:"op"`
	Text    string `json:"text"`
	Size    int    `json:"size"`
	Numbers []int  `json:"numbers"`
}

// A line on stdout: what the operation gave, or the error.
type response struct {
	ID     int         `json:"id"`
	Result interface{} `json:"result,omitempty"`
	Error  string      `json:"error,omitempty"`
}

type host struct {
	client *plugin.Client
	stdout syncedBuffer
	stderr syncedBuffer
}

func runHost(command []string, autoMTLS bool) {
	h := &host{}
	h.client = plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: handshake,
		Plugins:         plugins,
		Cmd:             exec.Command(command[0], command[1:]...),
		Logger:          logger,
		AutoMTLS:        autoMTLS,
		SyncStdout:      &h.stdout,
		SyncStderr:      &h.stderr,
	})
	h.serveStdin()
	h.client.Kill()
}

// Operations run side by side, so that one can end the plugin under another.
func (h *host) serveStdin() {
	var writing sync.Mutex
	answers := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	var running sync.WaitGroup
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			fail("bad line on stdin: %v", err)
		}
		running.Add(1)
		go func(r request) {
			defer running.Done()
			result, err := h.perform(r)
			answer := response{ID: r.ID, Result: result}
			if err != nil {
				answer = response{ID: r.ID, Error: err.Error()}
			}
			writing.Lock()
			defer writing.Unlock()
			if err := answers.Encode(answer); err != nil {
				fail("cannot answer: %v", err)
			}
		}(r)
	}
	running.Wait()
}

func (h *host) perform(r request) (interface{}, error) {
	switch r.Op {
	case "start", "ping":
		protocol, err := h.client.Client()
		if err != nil {
			return nil, err
		}
		return string(h.client.Protocol()), protocol.Ping()
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
	case "sum", "count", "upload", "download":
		return h.work(r)
	default:
		return h.probe(r)
	}
}

func (h *host) dispense(name string) (interface{}, error) {
	protocol, err := h.client.Client()
	if err != nil {
		return nil, err
	}
	return protocol.Dispense(name)
}

func (h *host) work(r request) (interface{}, error) {
	raw, err := h.dispense("workshop")
	if err != nil {
		return nil, err
	}
	workshop := raw.(*workshopClient)
	switch r.Op {
	case "sum":
		return workshop.sum(r.Numbers)
	case "count":
		return workshop.count(r.Size, r.Numbers)
	case "upload":
		return workshop.upload(r.Size)
	default:
		return workshop.download(r.Text, r.Size)
	}
}

func (h *host) probe(r request) (interface{}, error) {
	raw, err := h.dispense("probe")
	if err != nil {
		return nil, err
	}
	probe := raw.(*rpc.Client)
	switch r.Op {
	case "do":
		var answer string
		err := probe.Call("Plugin.Do", r.Text, &answer)
		return answer, err
	case "echo":
		sent := bytes.Repeat([]byte(r.Text), r.Size)
		var echoed []byte
		err := probe.Call("Plugin.Echo", sent, &echoed)
		return bytes.Equal(sent, echoed), err
	case "any":
		var sent, answer interface{} = Circle{Radius: float64(r.Size)}, nil
		err := probe.Call("Plugin.Any", &sent, &answer)
		return fmt.Sprintf("%T %v", answer, answer), err
	case "redraw":
		sent := Drawing{Title: r.Text, Shapes: []Shape{Circle{1}, &Square{2}}}
		var redrawn Drawing
		err := probe.Call("Plugin.Redraw", sent, &redrawn)
		text := redrawn.Title
		for _, shape := range redrawn.Shapes {
			text += fmt.Sprintf(" %T:%v", shape, shape.Area())
		}
		return text, err
	case "fail":
		var outcome Outcome
		err := probe.Call("Plugin.Fail", r.Text, &outcome)
		return fmt.Sprintf("%T %v / %v", outcome.Failure, outcome.Failure, outcome.Basic), err
	case "call":
		var nothing struct{}
		return nil, probe.Call(r.Text, 1, &nothing)
	default:
		return nil, fmt.Errorf("no operation %q", r.Op)
	}
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
