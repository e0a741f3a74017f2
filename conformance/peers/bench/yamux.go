package main

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/hashicorp/yamux"
)

// One stream at a time to another process, as fast as it is read there.
func hostYamux() {
	folder, err := os.MkdirTemp("", "bench-yamux-")
	check(err)
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "socket")
	listener, err := net.Listen("unix", path)
	check(err)
	check(exec.Command(os.Args[0], "sink", path).Start())
	conn, err := listener.Accept()
	check(err)
	session, err := yamux.Client(conn, nil)
	check(err)
	defer session.Close()
	answer(map[string]measure{
		"client_stream": func(r request) float64 {
			return megabytesPerSecond(func() int { return sendStream(session) }, r.span())
		},
	})
}

// Sends, half-closes, and waits until the other side, which has everything then, closes too.
func sendStream(session *yamux.Session) int {
	stream, err := session.OpenStream()
	check(err)
	for range chunksPerStream {
		_, err := stream.Write(chunk)
		check(err)
	}
	check(stream.Close())
	_, err = io.Copy(io.Discard, stream)
	check(err)
	return len(chunk) * chunksPerStream
}

func sinkYamux(path string) {
	conn, err := net.Dial("unix", path)
	check(err)
	session, err := yamux.Server(conn, nil)
	check(err)
	for {
		stream, err := session.AcceptStream()
		if err != nil {
			return
		}
		_, err = io.Copy(io.Discard, stream)
		check(err)
		check(stream.Close())
	}
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}
