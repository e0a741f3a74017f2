package main

import (
	"errors"
	"fmt"
	"net/rpc"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-plugin"
)

// Shape is what an interface{} or a Shape field may hold, by registered name.
type Shape interface{ Area() float64 }

type Circle struct{ Radius float64 }

func (c Circle) Area() float64 { return 3 * c.Radius * c.Radius }

type Square struct{ Side float64 }

func (s *Square) Area() float64 { return s.Side * s.Side }

// CodeError is an error type of the application's own.
type CodeError struct {
	Code int
	Text string
}

func (e *CodeError) Error() string { return fmt.Sprintf("%s (%d)", e.Text, e.Code) }

type Drawing struct {
	Title  string
	Shapes []Shape
}

// Outcome carries errors as values: one of the types registered for it, and go-plugin's own.
type Outcome struct {
	Failure error
	Basic   *plugin.BasicError
}

type probePlugin struct{}

func (*probePlugin) Server(*plugin.MuxBroker) (interface{}, error) { return &probeServer{}, nil }

func (*probePlugin) Client(_ *plugin.MuxBroker, client *rpc.Client) (interface{}, error) {
	return client, nil
}

type probeServer struct{}

func (*probeServer) Echo(value []byte, reply *[]byte) error {
	*reply = value
	return nil
}

func (*probeServer) Any(value interface{}, reply *interface{}) error {
	*reply = value
	return nil
}

func (*probeServer) Redraw(drawing Drawing, reply *Drawing) error {
	*reply = Drawing{Title: drawing.Title + "!"}
	for i := len(drawing.Shapes) - 1; i >= 0; i-- {
		reply.Shapes = append(reply.Shapes, drawing.Shapes[i])
	}
	return nil
}

func (*probeServer) Fail(text string, reply *Outcome) error {
	*reply = Outcome{Failure: &CodeError{Code: 7, Text: text}, Basic: plugin.NewBasicError(errors.New(text))}
	return nil
}

// Do does what the first word says with the rest of the line.
func (*probeServer) Do(line string, reply *string) error {
	words := strings.SplitN(line, " ", 2)
	rest := ""
	if len(words) > 1 {
		rest = words[1]
	}
	*reply = "done"
	switch words[0] {
	case "error":
		return errors.New(rest)
	case "panic":
		// In a goroutine of its own, where nothing recovers it.
		go panic(rest)
		select {}
	case "exit":
		code, _ := strconv.Atoi(rest)
		os.Exit(code)
	case "stdout":
		fmt.Println(rest)
	case "stderr":
		fmt.Fprintln(os.Stderr, rest)
	case "warn":
		logger.Warn(rest, "from", "probe", "number", 7)
	case "env":
		*reply = os.Getenv(rest)
	case "stdout-bytes":
		count, _ := strconv.Atoi(rest)
		os.Stdout.WriteString(strings.Repeat("x", count))
	case "sleep":
		ms, _ := strconv.Atoi(rest)
		time.Sleep(time.Duration(ms) * time.Millisecond)
	default:
		return fmt.Errorf("cannot do %q", words[0])
	}
	return nil
}
