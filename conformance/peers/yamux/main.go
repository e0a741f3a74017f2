// Command yamux is hashicorp/yamux behind a unix socket that the test listens on. It does what the first
// line of each stream that it accepts asks for:
//
//	echo             sends back what it reads, closes after the end
//	sink             reads to the end, sends back "BYTES CRC32", closes
//	source N         sends N bytes, closes
//	stall            reads nothing, ever
//	open N SIZE      opens N streams at once, writes SIZE bytes on each, closes its half, expects them back,
//	                 sends "ok"
//	close            closes, then reads on: the peer sees a half-closed stream
//	goaway           sends a go-away, then "ok"
//	ping             pings, then sends "ok"
//	die              exits without a word
package main

import (
	"bufio"
	"flag"
	"fmt"
	"hash/crc32"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

func main() {
	log.SetFlags(0)
	role := flag.String("role", "server", "client or server")
	addr := flag.String("addr", "", "unix socket to connect to")
	backlog := flag.Int("backlog", 256, "AcceptBacklog")
	accept := flag.Bool("accept", true, "accept streams")
	closeTimeout := flag.Duration("close-timeout", 5*time.Minute, "StreamCloseTimeout")
	window := flag.Uint("window", 256*1024, "MaxStreamWindowSize")
	quiet := flag.Bool("quiet", true, "no log")
	flag.Parse()

	conn, err := net.Dial("unix", *addr)
	if err != nil {
		log.Fatal(err)
	}
	config := yamux.DefaultConfig()
	config.AcceptBacklog = *backlog
	config.StreamCloseTimeout = *closeTimeout
	config.MaxStreamWindowSize = uint32(*window)
	if *quiet {
		config.LogOutput = io.Discard
	}
	session, err := newSession(*role, conn, config)
	if err != nil {
		log.Fatal(err)
	}
	if *accept {
		serve(session)
	}
	<-session.CloseChan()
	fmt.Println("closed")
}

func newSession(role string, conn net.Conn, config *yamux.Config) (*yamux.Session, error) {
	if role == "client" {
		return yamux.Client(conn, config)
	}
	return yamux.Server(conn, config)
}

func serve(session *yamux.Session) {
	for {
		stream, err := session.AcceptStream()
		if err != nil {
			return
		}
		go handle(session, stream)
	}
}

func handle(session *yamux.Session, stream *yamux.Stream) {
	reader := bufio.NewReader(stream)
	line, err := reader.ReadString('\n')
	if err != nil {
		stream.Close()
		return
	}
	var count, size int
	fields := strings.Fields(line)
	switch fields[0] {
	case "echo":
		io.Copy(stream, reader)
	case "sink":
		sum := crc32.NewIEEE()
		n, _ := io.Copy(sum, reader)
		fmt.Fprintf(stream, "%d %08x", n, sum.Sum32())
	case "source":
		fmt.Sscanf(line, "source %d", &count)
		source(stream, count)
	case "stall":
		select {}
	case "open":
		fmt.Sscanf(line, "open %d %d", &count, &size)
		reply(stream, open(session, count, size))
	case "close":
		stream.Close()
		io.Copy(io.Discard, reader)
	case "goaway":
		reply(stream, session.GoAway())
	case "ping":
		_, err := session.Ping()
		reply(stream, err)
	case "die":
		os.Exit(1)
	}
	stream.Close()
}

func reply(stream *yamux.Stream, err error) {
	if err != nil {
		fmt.Fprint(stream, err)
		return
	}
	fmt.Fprint(stream, "ok")
}

func source(stream *yamux.Stream, count int) {
	block := pattern(64 * 1024)
	for count > 0 {
		n := min(count, len(block))
		if _, err := stream.Write(block[:n]); err != nil {
			return
		}
		count -= n
	}
}

func pattern(size int) []byte {
	block := make([]byte, size)
	for i := range block {
		block[i] = byte(i * 7)
	}
	return block
}

func open(session *yamux.Session, count, size int) error {
	errs := make(chan error, count)
	var opened sync.WaitGroup
	opened.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			stream, err := session.OpenStream()
			opened.Done()
			if err != nil {
				errs <- err
				return
			}
			// All are open at once before the first one is used.
			opened.Wait()
			errs <- roundTrip(stream, size)
		}()
	}
	for i := 0; i < count; i++ {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

func roundTrip(stream *yamux.Stream, size int) error {
	sent := pattern(size)
	go func() {
		stream.Write(sent)
		stream.Close()
	}()
	got, err := io.ReadAll(stream)
	if err != nil {
		return err
	}
	if string(got) != string(sent) {
		return fmt.Errorf("stream %d: sent %d bytes, got %d or others", stream.StreamID(), len(sent), len(got))
	}
	return nil
}
