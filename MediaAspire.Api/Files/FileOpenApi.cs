using Microsoft.OpenApi;

namespace MediaAspire.Api.Files;

/// <summary>Describes the bodies of the file routes, which are read as streams and so bind to no parameter.</summary>
/// <remarks>Not by Accepts metadata: routing would then answer another media type itself, without our code and advice.</remarks>
internal static class FileOpenApi
{
    private static OpenApiSchema Binary => new() { Type = JsonSchemaType.String, Format = "binary" };

    public static Task DescribeForm(OpenApiOperation operation) =>
        Describe(operation, "multipart/form-data", new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "file" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["file"] = Binary,
                ["sha256"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "SHA-256 of the file, verified." },
            },
        });

    public static Task DescribeBody(OpenApiOperation operation) =>
        Describe(operation, "application/octet-stream", Binary);

    private static Task Describe(OpenApiOperation operation, string mediaType, OpenApiSchema schema)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { [mediaType] = new() { Schema = schema } },
        };

        return Task.CompletedTask;
    }
}
