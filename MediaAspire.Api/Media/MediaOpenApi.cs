using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MediaAspire.Api.Media;

/// <summary>Describes the bodies of the media routes, which are read by the routes themselves so that unknown fields are refused.</summary>
internal static class MediaOpenApi
{
    private static OpenApiSchema Text => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema Flag => new() { Type = JsonSchemaType.Boolean };

    private static OpenApiSchema Number => new() { Type = JsonSchemaType.Integer };

    private static OpenApiSchema Texts => new() { Type = JsonSchemaType.Array, Items = Text };

    public static Task DescribeNewMedia(OpenApiOperation operation) => Describe(
        operation,
        new Dictionary<string, IOpenApiSchema>
        {
            ["owner"] = Text,
            ["name"] = Text,
            ["kind"] = Text,
            ["access"] = Text,
            ["alias"] = Text,
            ["description"] = Text,
            ["website"] = Text,
            ["tags"] = Texts,
            ["categories"] = Texts,
            ["capabilities"] = Texts,
            ["custom"] = new OpenApiSchema { Type = JsonSchemaType.Object },
            ["player"] = new OpenApiSchema { Type = JsonSchemaType.Object },
            ["width"] = Number,
            ["height"] = Number,
            ["references"] = Texts,
            ["temporary"] = Flag,
            ["unlisted"] = Flag,
            ["directOnly"] = Flag,
            ["immutable"] = Flag,
            ["expires"] = Number,
            ["multipart"] = Flag,
            ["update"] = new OpenApiSchema { Type = JsonSchemaType.Object },
            ["contentType"] = Text,
            ["size"] = Number,
            ["sha256"] = Text,
            ["parts"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { "size", "sha256" },
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["type"] = Text,
                        ["contentType"] = Text,
                        ["size"] = Number,
                        ["sha256"] = Text,
                    },
                },
            },
        },
        ["name"],
        """
        {"owner":"alice","name":"Logo","kind":"image","tags":["brand"],"contentType":"image/png","size":68,
         "sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
        """);

    public static Task DescribeFinalize(OpenApiOperation operation) => Describe(
        operation,
        new Dictionary<string, IOpenApiSchema> { ["id"] = Text },
        ["id"],
        """{"id":"01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55"}""");

    private static Task Describe(
        OpenApiOperation operation, Dictionary<string, IOpenApiSchema> properties, IReadOnlyCollection<string> required, string example)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = properties,
                        Required = required.ToHashSet(),
                    },
                    Example = JsonNode.Parse(example),
                },
            },
        };
        return Task.CompletedTask;
    }
}
