package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	jsonv2 "github.com/go-json-experiment/json"
)

const documentPath = "/v1/openapi.json"

// tuneHuma replaces two settings that huma keeps in package variables: its problems, which repeat what was sent, and
// its opinion that every array may be null.
var tuneHuma = sync.OnceFunc(func() { //nolint:gochecknoglobals // once in the process, as the variables are
	huma.NewError = humaProblem
	huma.DefaultArrayNullable = false
})

// operations are the typed operations under /v1 and the document that describes them.
type operations struct {
	huma.API
	schemas huma.Registry
}

// newOperations returns operations served by router.
func newOperations(router chi.Router, version string) operations {
	tuneHuma()
	cfg := huma.DefaultConfig("Courtyard", version)
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	cfg.Info.License = &huma.License{Name: "Apache 2.0", Identifier: "Apache-2.0"}
	cfg.Info.Description = "Matches what people in a neighbourhood need with those who can give it. " +
		"Distances are in metres, durations in seconds, prices in minor units of the currency, coordinates WGS-84. " +
		"A member that is null counts as absent; one that is not described is refused."
	cfg.CreateHooks = nil                                       // no $schema in answers
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "", "", "" // served by our own routes
	cfg.RejectUnknownQueryParameters = true
	format := huma.Format{
		Marshal:   encode,
		Unmarshal: func(data []byte, v any) error { return jsonv2.Unmarshal(data, v, jsonv2.RejectUnknownMembers(true)) },
	}
	cfg.Formats = map[string]huma.Format{"application/json": format, "json": format}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "An API key; asked for when the server has keys"},
		"key":    {Type: "apiKey", In: "header", Name: "X-API-Key", Description: "The same key in a header of its own"},
	}
	api := humachi.New(router, cfg)
	return operations{API: api, schemas: api.OpenAPI().Components.Schemas}
}

// schemaName names the schema of a wire type as people call the thing: NeedJSON is a Need.
func schemaName(t reflect.Type, hint string) string {
	return strings.TrimSuffix(huma.DefaultSchemaNamer(t, hint), "JSON")
}

// encode writes v as one line of JSON. It makes the whole text first, so that an answer is whole or an error; that the
// client left while it was written is no error of ours.
func encode(w io.Writer, v any) error {
	text, err := marshal(v)
	if err != nil {
		return err
	}
	_, _ = w.Write(append(text, '\n'))
	return nil
}

func marshal(v any) ([]byte, error) { return jsonv2.Marshal(v, jsonv2.Deterministic(true)) }

// bodyInput is the input of every operation with a body: a stream, which the operation decodes once, as it comes.
type bodyInput struct {
	body *bodyReader
	key  string // as sent; "" if none
}

// owner returns whose matches the request may name: those of its key, or, on a server without keys, those of everybody.
func (in *bodyInput) owner(s *Server) owner {
	if len(s.keys) == 0 {
		return owner{}
	}
	return sha256.Sum256([]byte(in.key))
}

// Resolve takes the body from the request; huma calls it before the operation.
func (in *bodyInput) Resolve(ctx huma.Context) []error {
	r, _ := humachi.Unwrap(ctx)
	in.body = r.Body.(*bodyReader) // put there by openBody, which stands before every operation
	in.key = keyOf(r)
	return nil
}

// operation describes one operation of the service.
type operation struct {
	id, path, summary, description string
	request                        any                     // zero value of the wire type of the body
	example                        string                  // a body that works as it stands
	answers                        map[string]mediaExample // by media type
	errors                         map[int]string          // what each status means here
}

// mediaExample is the shape of one media type of an answer.
type mediaExample struct {
	types       []any // zero values of the wire types, one of which the answer is
	description string
}

// register adds one operation to the routes and to the document.
func register[O any](s *Server, v1 operations, op operation, handle func(context.Context, *bodyInput) (*O, error)) {
	hop := huma.Operation{
		OperationID:      op.id,
		Tags:             []string{"match"},
		Method:           http.MethodPost,
		Path:             op.path,
		Summary:          op.summary,
		Description:      op.description,
		Responses:        map[string]*huma.Response{"200": {Description: "The answer", Content: map[string]*huma.MediaType{}}},
		SkipValidateBody: true,                   // decoded and checked by the operation itself
		MaxBodyBytes:     s.cfg.MaxBodyBytes + 1, // huma refuses a body of exactly its limit
		Security:         []map[string][]string{{}, {"bearer": {}}, {"key": {}}},
	}
	if len(s.keys) > 0 {
		hop.Security = hop.Security[1:]
	}
	for mediaType, answer := range op.answers {
		hop.Responses["200"].Content[mediaType] = &huma.MediaType{Schema: v1.oneOf(answer)}
	}
	problem := v1.schemas.Schema(reflect.TypeFor[Problem](), true, "")
	for status, meaning := range op.errors {
		hop.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status) + ": " + meaning,
			Content:     map[string]*huma.MediaType{problemJSON: {Schema: problem}},
		}
	}
	hop.Responses["503"].Headers = map[string]*huma.Param{
		"Retry-After": {Description: "Seconds to wait before the next try", Schema: &huma.Schema{Type: huma.TypeInteger}},
	}
	huma.Register(v1.API, hop, func(ctx context.Context, in *bodyInput) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.answerable(ctx, op.path, err)
		}
		return out, nil
	})
	// Described after it is registered: huma would read a body that it knows of, and check it against the schema.
	v1.OpenAPI().Paths[op.path].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": {Schema: v1.schemas.Schema(reflect.TypeOf(op.request), true, ""), Example: json.RawMessage(op.example)},
	}}
}

// answerable turns an error of an operation into the problem of its answer, and logs what the client is not told.
func (s *Server) answerable(ctx context.Context, route string, err error) *Problem {
	p := problemOf(ctx, err)
	if p.cause != nil {
		s.log.ErrorContext(ctx, "internal error", "route", route, "error_types", errorTypes(p.cause))
	}
	return p
}

// oneOf returns the schema of an answer that has one of several shapes.
func (v1 operations) oneOf(m mediaExample) *huma.Schema {
	if len(m.types) == 0 {
		return &huma.Schema{Type: huma.TypeString, Description: m.description}
	}
	if len(m.types) == 1 {
		return v1.schemas.Schema(reflect.TypeOf(m.types[0]), true, "")
	}
	s := &huma.Schema{Description: m.description}
	for _, t := range m.types {
		s.OneOf = append(s.OneOf, v1.schemas.Schema(reflect.TypeOf(t), true, ""))
	}
	return s
}

// document returns the OpenAPI document, with what the Go types do not say: barriers are GeoJSON, null counts as absent,
// and what the events of a stream hold.
func (v1 operations) document() ([]byte, error) {
	v1.schemas.Schema(reflect.TypeFor[ProgressEvent](), true, "")
	*v1.properties(datasets.OptionsJSON{})["barriers"] = huma.Schema{
		Type:        huma.TypeObject,
		Description: "GeoJSON (RFC 7946) of polygons that no way enters: a lake",
		Properties: map[string]*huma.Schema{"type": {
			Type: huma.TypeString, Enum: []any{"Polygon", "MultiPolygon", "GeometryCollection", "Feature", "FeatureCollection"},
		}},
		Required: []string{"type"},
	}
	// A match sent whole may have the matches of its answer, which the check requires.
	whole := v1.schemas.Schema(reflect.TypeFor[FinishedMatch](), true, "")
	member := v1.properties(OffersRequest{})["match"]
	*member = huma.Schema{Description: member.Description, AnyOf: []*huma.Schema{whole}}
	either := []*huma.Schema{v1.schemas.Schema(reflect.TypeFor[datasets.MatchRequestJSON](), true, ""), v1.schemas.Schema(reflect.TypeFor[KeptMatch](), true, "")}
	for _, side := range []string{"before", "after"} {
		member := v1.properties(DiffRequest{})[side]
		*member = huma.Schema{Description: member.Description, OneOf: either}
	}
	for _, request := range []any{
		datasets.MatchRequestJSON{},
		datasets.CheckRequestJSON{},
		datasets.NeedJSON{},
		datasets.StandInJSON{},
		datasets.ResourceJSON{},
		datasets.SlotJSON{},
		datasets.ExceptionJSON{},
		datasets.DayLimitJSON{},
		datasets.ExpiryJSON{},
		datasets.OfferJSON{},
		datasets.ProviderJSON{},
		datasets.ContractJSON{},
		datasets.EventJSON{},
		datasets.PairingJSON{},
		datasets.ServiceJSON{},
		datasets.OptionsJSON{},
		datasets.PlanRowJSON{},
		datasets.DayUnitsJSON{},
		DiffRequest{},
		OffersRequest{},
		FinishedMatch{},
	} {
		required := v1.schemaOf(request).Required
		for name, member := range v1.properties(request) {
			if !slices.Contains(required, name) {
				allowNull(member)
			}
		}
	}
	allowNull(v1.properties(datasets.ResourceUseJSON{})["unit_value"])
	return json.Marshal(v1.OpenAPI())
}

// schemaOf returns the schema of a wire type, given its zero value.
func (v1 operations) schemaOf(wire any) *huma.Schema {
	return v1.schemas.SchemaFromRef(v1.schemas.Schema(reflect.TypeOf(wire), true, "").Ref)
}

func (v1 operations) properties(wire any) map[string]*huma.Schema {
	return v1.schemaOf(wire).Properties
}

// allowNull adds null to what the schema takes.
func allowNull(s *huma.Schema) {
	switch {
	case len(s.AnyOf) > 0:
		s.AnyOf = append(s.AnyOf, &huma.Schema{Type: "null"})
	case s.Ref != "":
		*s = huma.Schema{Description: s.Description, AnyOf: []*huma.Schema{{Ref: s.Ref}, {Type: "null"}}}
	case len(s.Enum) > 0:
		s.Enum = append(slices.Clone(s.Enum), nil)
		fallthrough
	default:
		s.Nullable = true
	}
}
