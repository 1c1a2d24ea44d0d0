using Microsoft.OpenApi;

namespace MediaAspire.Api.Files;

/// <summary>Describes the bodies of the file routes, which are read as streams and so bind to no parameter.</summary>
/// <remarks>Not by Accepts metadata: routing would then answer another media type itself, without our code and advice.</remarks>
internal static class FileOpenApi
{
    private static OpenApiSchema Binary => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static OpenApiSchema Base64 => new() { Type = JsonSchemaType.String, Format = "byte" };

    private static OpenApiSchema Text => new() { Type = JsonSchemaType.String };

    public static Task DescribeFormAndJson(OpenApiOperation operation) => Describe(
        operation,
        ("multipart/form-data", new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "file" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["file"] = Binary,
                ["sha256"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "SHA-256 of the file, verified." },
            },
        }),
        ("application/json", new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "client_id", "name", "data" },
            Properties = new Dictionary<string, IOpenApiSchema> { ["client_id"] = Text, ["name"] = Text, ["data"] = Base64 },
        }));

    public static Task DescribeBody(OpenApiOperation operation) => Describe(operation, ("application/octet-stream", Binary));

    /// <summary>The parameters are read from the query themselves, because a repeated one has to be told from a single one.</summary>
    public static Task DescribeNamedFile(OpenApiOperation operation)
    {
        operation.Parameters = [Query("client_id"), Query("name")];
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "OK",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema> { ["name"] = Text, ["data"] = Base64 },
                    },
                },
            },
        };

        return Task.CompletedTask;
    }

    private static OpenApiParameter Query(string name) => new() { Name = name, In = ParameterLocation.Query, Required = true, Schema = Text };

    private static Task Describe(OpenApiOperation operation, params (string MediaType, OpenApiSchema Schema)[] bodies)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = bodies.ToDictionary(body => body.MediaType, body => new OpenApiMediaType { Schema = body.Schema }),
        };

        return Task.CompletedTask;
    }
}
