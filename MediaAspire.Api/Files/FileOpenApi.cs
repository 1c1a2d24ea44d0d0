using Microsoft.OpenApi;

namespace MediaAspire.Api.Files;

/// <summary>Describes the bodies of the file routes, which are read as streams and not bound to parameters.</summary>
/// <remarks>Not by Accepts metadata: routing would then refuse other media types itself, without the code and detail of this API.</remarks>
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
                ["sha256"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "SHA-256 of the file; it is verified." },
            },
        }),
        ("application/json", new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "client_id", "name", "data" },
            Properties = new Dictionary<string, IOpenApiSchema> { ["client_id"] = Text, ["name"] = Text, ["data"] = Base64 },
        }));

    public static Task DescribeBody(OpenApiOperation operation) => Describe(operation, ("application/octet-stream", Binary));

    /// <summary>
    /// Describes the parameters, which are read from the query itself, because a repeated one must be distinguished from a single one.
    /// </summary>
    public static Task DescribeNamedFile(OpenApiOperation operation)
    {
        operation.Parameters = [Query("client_id"), Query("name"), Query("owner", isRequired: false)];
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

    /// <summary>Describes the ranges and bytes of a download, and distinguishes HEAD from GET, which have one route.</summary>
    public static Task DescribeDownload(OpenApiOperation operation, string? method)
    {
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = "Range",
            In = ParameterLocation.Header,
            Description = "The requested bytes, such as `bytes=0-1023`. Several ranges are sent as multipart/byteranges.",
            Schema = Text,
        });
        if (method == HttpMethods.Head)
        {
            operation.Summary = "Get a file's headers without its bytes";
            foreach (var response in operation.Responses!.Values)
            {
                response.Content?.Clear();
            }

            return Task.CompletedTask;
        }

        operation.Responses!["200"] = Bytes("The file's bytes, under its own media type.", "application/octet-stream");
        operation.Responses["206"] = Bytes("The bytes of the ranges.", "application/octet-stream", "multipart/byteranges");

        return Task.CompletedTask;
    }

    private static OpenApiResponse Bytes(string description, params string[] mediaTypes) => new()
    {
        Description = description,
        Content = mediaTypes.ToDictionary(mediaType => mediaType, _ => new OpenApiMediaType { Schema = Binary }),
    };

    private static OpenApiParameter Query(string name, bool isRequired = true) =>
        new() { Name = name, In = ParameterLocation.Query, Required = isRequired, Schema = Text };

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
