package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"github.com/go-json-experiment/json"
)

// writeFile writes name through write and puts it in place only when everything is on the disk: a reader sees the old
// file or the new one, and a failure leaves the old one. Where name is a device or a pipe (/dev/stdout, /dev/null) it is
// written as it comes.
func writeFile(name string, write func(io.Writer) error) error {
	target := name
	if behind, err := filepath.EvalSymlinks(name); err == nil {
		target = behind // the file behind the link is replaced, not the link
	}
	info, err := os.Stat(target)
	switch {
	case err == nil && info.IsDir():
		return badInputf("write %s: it is a folder", name)
	case err == nil && !info.Mode().IsRegular():
		return writeDevice(target, write)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return badInput(fmt.Errorf("write %s: %w", name, err))
	}
	f, err := createBeside(target)
	if err != nil {
		return badInput(fmt.Errorf("write %s: %w", name, err))
	}
	temporary := f.Name()
	if err := fill(f, write); err != nil {
		_ = os.Remove(temporary) // the first error is the one to tell
		return fmt.Errorf("write %s: %w", name, err)
	}
	if info != nil {
		if err := os.Chmod(temporary, info.Mode().Perm()); err != nil {
			_ = os.Remove(temporary) // as above
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	if err := os.Rename(temporary, target); err != nil {
		_ = os.Remove(temporary) // as above
		return badInput(fmt.Errorf("write %s: %w", name, err))
	}
	return nil
}

// createBeside makes a new file in the folder of target, with the permissions that the caller's umask gives.
func createBeside(target string) (*os.File, error) {
	for try := 0; ; try++ {
		name := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+"."+strconv.FormatUint(rand.Uint64(), 36)+".part")
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil || !errors.Is(err, fs.ErrExist) || try == 100 {
			return f, err
		}
	}
}

// fill writes f, brings it to the disk and closes it.
func fill(f *os.File, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(f, 1<<16)
	err := write(b)
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func writeDevice(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return badInput(fmt.Errorf("write %s: %w", name, err))
	}
	b := bufio.NewWriterSize(f, 1<<16)
	err = write(b)
	if err == nil {
		err = b.Flush()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// writeJSON writes v as one line of JSON, the same bytes for the same value.
func writeJSON(w io.Writer, v any) error {
	if err := json.MarshalWrite(w, v, json.Deterministic(true)); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// writeOut writes to the named file, or to standard output when name is "" or "-".
func (a *app) writeOut(name string, write func(io.Writer) error) error {
	if name != "" && name != "-" {
		return writeFile(name, write)
	}
	b := bufio.NewWriterSize(a.stdout, 1<<16)
	if err := write(b); err != nil {
		return fmt.Errorf("write standard output: %w", err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write standard output: %w", err)
	}
	return nil
}
