// Writes what Prometheus' own templates answer: go run . < ../templates.txt > ../templates.tsv
//
// One template a line, ¶ for the end of a line in it; the answer behind a tab; "!error" for one that fails.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/template"
)

const prelude = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}"

func query(_ context.Context, text string, _ time.Time) (promql.Vector, error) {
	switch text {
	case "two":
		return promql.Vector{
			{Metric: labels.FromStrings("host", "b", "job", "x"), F: 21},
			{Metric: labels.FromStrings("host", "a"), F: 0.5},
		}, nil
	case "none":
		return promql.Vector{}, nil
	}
	return nil, errors.New("no such query")
}

func main() {
	address, _ := url.Parse("http://weir.example:8123/base")
	unescape := strings.NewReplacer("¶", "\n")
	escape := strings.NewReplacer("\n", "¶")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		data := template.AlertTemplateData(
			map[string]string{"alertname": "High", "host": "web-1.example.com:9100", "title": "groß und O'Neil", "n": "12.5"},
			map[string]string{"region": "eu"}, "http://weir.example:8123/base", promql.Sample{F: 1234567.891})
		expander := template.NewTemplateExpander(context.Background(), prelude+unescape.Replace(lines.Text()), "case", data,
			model.Time(1700000000123), query, address, nil)
		answer, err := expander.Expand()
		if err != nil {
			fmt.Fprintln(os.Stderr, lines.Text(), "→", err)
			answer = "!error"
		}
		fmt.Printf("%s\t%s\n", lines.Text(), escape.Replace(answer))
	}
}
