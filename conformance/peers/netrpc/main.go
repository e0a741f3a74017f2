// Command netrpc is Go's own net/rpc, as the test's peer.
//
//	netrpc server NETWORK ADDRESS   connects, and serves one connection
//	netrpc client NETWORK ADDRESS   connects, makes the calls below and says "ok", or what went wrong
//	netrpc record                   prints what a Go client and server send each other, in hexadecimal
//
// Either side connects to a listener of the test's.
package main

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/rpc"
	"os"
	"strings"
	"sync"
	"time"
)

type Args struct{ A, B int }

type Quotient struct{ Quo, Rem int }

type Person struct {
	Name   string
	Age    uint8
	Tags   []string
	Scores map[string]float64
	Boss   *Person
}

type Arith struct{}

func (Arith) Multiply(args *Args, reply *int) error {
	*reply = args.A * args.B
	return nil
}

func (Arith) Divide(args Args, reply *Quotient) error {
	if args.B == 0 {
		return errors.New("divide by zero")
	}
	*reply = Quotient{args.A / args.B, args.A % args.B}
	return nil
}

func (Arith) Sleep(ms int, reply *int) error {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	*reply = ms
	return nil
}

func (Arith) Bytes(data []byte, reply *[]byte) error {
	*reply = data
	return nil
}

func (Arith) Person(person Person, reply *Person) error {
	person.Age++
	person.Boss = &Person{Name: "Boss of " + person.Name}
	*reply = person
	return nil
}

// Greet takes what go-plugin's users pass when there is nothing to pass: a nil interface.
func (Arith) Greet(args interface{}, reply *string) error {
	*reply = fmt.Sprintf("hello %v", args)
	return nil
}

func main() {
	log.SetFlags(0)
	if len(os.Args) == 2 && os.Args[1] == "record" {
		record()
		return
	}
	conn, err := net.Dial(os.Args[2], os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	switch os.Args[1] {
	case "server":
		server().ServeConn(conn)
		fmt.Println("served")
	case "client":
		if err := calls(rpc.NewClient(conn)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("ok")
	}
}

func server() *rpc.Server {
	server := rpc.NewServer()
	server.Register(Arith{})
	server.RegisterName("Plugin", Arith{})
	return server
}

func calls(client *rpc.Client) error {
	steps := []func(*rpc.Client) error{
		multiply, divide, refusals, badBody, person, greet, large, concurrent, outOfOrder, multiply,
	}
	for i, step := range steps {
		if err := step(client); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
	}
	return client.Close()
}

func multiply(client *rpc.Client) error {
	var product int
	if err := client.Call("Arith.Multiply", &Args{6, 7}, &product); err != nil {
		return err
	}
	return expect(product, 42)
}

func divide(client *rpc.Client) error {
	var quotient Quotient
	if err := client.Call("Arith.Divide", Args{7, 2}, &quotient); err != nil {
		return err
	}
	if err := expect(quotient, Quotient{3, 1}); err != nil {
		return err
	}
	err := client.Call("Arith.Divide", Args{7, 0}, &quotient)
	return expect(err, rpc.ServerError("divide by zero"))
}

func refusals(client *rpc.Client) error {
	for method, want := range map[string]string{
		"Nobody.Multiply": "rpc: can't find service Nobody.Multiply",
		"Arith.Nothing":   "rpc: can't find method Arith.Nothing",
		"Arith":           "rpc: service/method request ill-formed: Arith",
	} {
		err := client.Call(method, &Args{1, 2}, new(int))
		if err := expect(err, rpc.ServerError(want)); err != nil {
			return err
		}
	}
	return nil
}

func badBody(client *rpc.Client) error {
	err := client.Call("Arith.Multiply", "six times seven", new(int))
	if _, ok := err.(rpc.ServerError); !ok || !strings.Contains(err.Error(), "gob") {
		return fmt.Errorf("a string for a struct: %v", err)
	}
	return nil
}

func person(client *rpc.Client) error {
	ada := Person{Name: "Ada", Age: 36, Tags: []string{"a", "b"}, Scores: map[string]float64{"x": 1.5}}
	var reply Person
	if err := client.Call("Arith.Person", ada, &reply); err != nil {
		return err
	}
	got := fmt.Sprintf("%v %v %v %v %v", reply.Name, reply.Age, reply.Tags, reply.Scores, reply.Boss.Name)
	return expect(got, "Ada 37 [a b] map[x:1.5] Boss of Ada")
}

func greet(client *rpc.Client) error {
	var reply string
	if err := client.Call("Plugin.Greet", new(interface{}), &reply); err != nil {
		return err
	}
	return expect(reply, "hello <nil>")
}

func large(client *rpc.Client) error {
	data := bytes.Repeat([]byte("0123456789"), 1_000_000)
	var reply []byte
	if err := client.Call("Arith.Bytes", data, &reply); err != nil {
		return err
	}
	return expect(bytes.Equal(data, reply), true)
}

func concurrent(client *rpc.Client) error {
	errs := make(chan error, 50)
	for i := 0; i < 50; i++ {
		go func() {
			for j := 0; j < 100; j++ {
				var product int
				if err := client.Call("Arith.Multiply", &Args{i, j}, &product); err != nil {
					errs <- err
					return
				}
				if product != i*j {
					errs <- fmt.Errorf("%d * %d = %d", i, j, product)
					return
				}
			}
			errs <- nil
		}()
	}
	for i := 0; i < 50; i++ {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// The first call is answered last.
func outOfOrder(client *rpc.Client) error {
	var order []int
	var lock sync.Mutex
	var done sync.WaitGroup
	for _, ms := range []int{200, 1} {
		done.Add(1)
		call := client.Go("Arith.Sleep", ms, new(int), nil)
		go func() {
			<-call.Done
			lock.Lock()
			order = append(order, *call.Reply.(*int))
			lock.Unlock()
			done.Done()
		}()
	}
	done.Wait()
	return expect(fmt.Sprint(order), "[1 200]")
}

func expect(got, want any) error {
	if got != want {
		return fmt.Errorf("got %v, expected %v", got, want)
	}
	return nil
}

// record lets a Go client call a Go server and prints both directions.
func record() {
	clientEnd, serverEnd := net.Pipe()
	var requests, responses bytes.Buffer
	go server().ServeConn(serverEnd)
	client := rpc.NewClient(&tap{clientEnd, &responses, &requests})
	client.Call("Arith.Multiply", &Args{6, 7}, new(int))
	client.Call("Arith.Divide", Args{7, 0}, new(Quotient))
	client.Call("Arith.Divide", Args{7, 2}, new(Quotient))
	client.Call("Arith.Nothing", Args{}, new(int))
	client.Call("Plugin.Greet", new(interface{}), new(string))
	client.Close()
	fmt.Println("requests", hex.EncodeToString(requests.Bytes()))
	fmt.Println("responses", hex.EncodeToString(responses.Bytes()))
}

type tap struct {
	io.ReadWriteCloser
	read, written *bytes.Buffer
}

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.ReadWriteCloser.Read(p)
	t.read.Write(p[:n])
	return n, err
}

func (t *tap) Write(p []byte) (int, error) {
	t.written.Write(p)
	return t.ReadWriteCloser.Write(p)
}
