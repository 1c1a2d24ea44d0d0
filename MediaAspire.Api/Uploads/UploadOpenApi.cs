using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MediaAspire.Api.Uploads;

/// <summary>Describes the headers, fields and examples of uploads, which are not bound to parameters.</summary>
internal static class UploadOpenApi
{
    public static Task DescribeCreation(OpenApiOperation operation)
    {
        operation.Parameters =
        [
            .. UploadFields.Parameters.Select(name => Parameter(name, ParameterLocation.Query, FieldExample(name))),
            Parameter(UploadGrants.Parameter, ParameterLocation.Query, null),
            Parameter(UploadHeaders.TusResumable, ParameterLocation.Header, UploadHeaders.TusVersion),
            Parameter(UploadHeaders.Length, ParameterLocation.Header, "1048576"),
            Parameter(UploadHeaders.DeferLength, ParameterLocation.Header, null),
            Parameter(UploadHeaders.Metadata, ParameterLocation.Header, "filename Y2F0LmpwZw==,filetype aW1hZ2UvanBlZw=="),
            Parameter(UploadHeaders.Concat, ParameterLocation.Header, null),
            Parameter(UploadHeaders.Checksum, ParameterLocation.Header, null),
            Parameter(UploadHeaders.Complete, ParameterLocation.Header, null),
            Parameter(UploadHeaders.ContentDigest, ParameterLocation.Header, null),
            Parameter(UploadHeaders.ReprDigest, ParameterLocation.Header, null),
        ];
        AddBody(operation, "application/octet-stream", UploadHeaders.TusContentType);
        AddHeaders(operation, "201", "Location", UploadHeaders.Offset, UploadHeaders.Expires, UploadHeaders.Complete, UploadHeaders.Limit);
        return Task.CompletedTask;
    }

    public static Task DescribeState(OpenApiOperation operation)
    {
        AddParameters(operation, Parameter(UploadGrants.Parameter, ParameterLocation.Query, null));
        AddParameters(operation, Parameter(UploadHeaders.TusResumable, ParameterLocation.Header, UploadHeaders.TusVersion));
        if (operation.Responses is { } responses && responses.TryGetValue("200", out var ok)
            && ok.Content is { } contents && contents.TryGetValue("application/json", out var content))
        {
            content.Example = Example();
        }

        AddHeaders(operation, "204", UploadHeaders.Offset, UploadHeaders.Length, UploadHeaders.Complete, UploadHeaders.Limit);
        return Task.CompletedTask;
    }

    public static Task DescribeAppend(OpenApiOperation operation)
    {
        AddParameters(
            operation,
            Parameter(UploadGrants.Parameter, ParameterLocation.Query, null),
            Parameter(UploadHeaders.TusResumable, ParameterLocation.Header, UploadHeaders.TusVersion),
            Parameter(UploadHeaders.Offset, ParameterLocation.Header, "524288"),
            Parameter(UploadHeaders.Length, ParameterLocation.Header, null),
            Parameter(UploadHeaders.Checksum, ParameterLocation.Header, "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="),
            Parameter(UploadHeaders.Complete, ParameterLocation.Header, null),
            Parameter(UploadHeaders.ContentDigest, ParameterLocation.Header, null));
        AddBody(operation, UploadHeaders.TusContentType, UploadHeaders.PartialUpload);
        AddHeaders(operation, "204", UploadHeaders.Offset, UploadHeaders.Expires, UploadHeaders.Complete, UploadHeaders.Result);
        return Task.CompletedTask;
    }

    public static Task DescribeSigning(OpenApiOperation operation)
    {
        if (operation.RequestBody?.Content is { } contents && contents.TryGetValue("application/json", out var content))
        {
            content.Example = new JsonObject
            {
                ["target"] = "object",
                ["bucket"] = "films",
                ["key"] = "2026/holiday.mp4",
                ["contentType"] = "video/*",
                ["maxSize"] = 10_737_418_240,
                ["expiresIn"] = 3600,
            };
        }

        return Task.CompletedTask;
    }

    public static Task DescribeParts(OpenApiOperation operation)
    {
        if (operation.RequestBody?.Content is { } contents && contents.TryGetValue("application/json", out var content))
        {
            content.Example = new JsonObject
            {
                ["fields"] = new JsonObject { ["filename"] = "film.mp4", ["contentType"] = "video/mp4" },
                ["size"] = 1_073_741_824,
                ["partSize"] = 67_108_864,
            };
        }

        return Task.CompletedTask;
    }

    public static Task DescribePart(OpenApiOperation operation)
    {
        AddParameters(
            operation,
            Parameter(UploadGrants.Parameter, ParameterLocation.Query, null),
            Parameter(UploadHeaders.ContentDigest, ParameterLocation.Header, null));
        AddBody(operation, "application/octet-stream");
        AddHeaders(operation, "204", "ETag");
        return Task.CompletedTask;
    }

    private static JsonObject Example() => new()
    {
        ["id"] = "0b6f1c2ad9e74f0c8d3a5b7e9f102132",
        ["state"] = "receiving",
        ["target"] = "file",
        ["offset"] = 524_288,
        ["length"] = 1_048_576,
        ["isPartial"] = false,
        ["fields"] = new JsonObject { ["filename"] = "cat.jpg", ["contentType"] = "image/jpeg" },
        ["createdAt"] = "2026-11-30T16:00:00Z",
        ["modifiedAt"] = "2026-11-30T16:00:05Z",
        ["expiresAt"] = "2026-12-01T16:00:05Z",
        ["form"] = "in-order",
    };

    private static string? FieldExample(string name) => name switch
    {
        UploadFields.Names.Target => "file",
        UploadFields.Names.Filename => "cat.jpg",
        UploadFields.Names.ContentType => "image/jpeg",
        _ => null,
    };

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string? example) => new()
    {
        Name = name,
        In = place,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = example is null ? null : JsonValue.Create(example),
    };

    private static void AddParameters(OpenApiOperation operation, params ReadOnlySpan<OpenApiParameter> parameters)
    {
        operation.Parameters ??= [];
        foreach (var parameter in parameters)
        {
            operation.Parameters.Add(parameter);
        }
    }

    private static void AddBody(OpenApiOperation operation, params ReadOnlySpan<string> types)
    {
        var content = new Dictionary<string, OpenApiMediaType>();
        foreach (var type in types)
        {
            content[type] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
        }

        operation.RequestBody = new OpenApiRequestBody { Content = content };
    }

    private static void AddHeaders(OpenApiOperation operation, string status, params ReadOnlySpan<string> names)
    {
        if (operation.Responses is not { } responses || !responses.TryGetValue(status, out var described)
            || described is not OpenApiResponse response)
        {
            return;
        }

        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        foreach (var name in names)
        {
            response.Headers[name] = new OpenApiHeader { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }
    }
}
