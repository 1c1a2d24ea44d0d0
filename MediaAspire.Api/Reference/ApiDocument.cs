using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MediaAspire.Api.Reference;

/// <summary>The parts of the OpenAPI document that do not belong to a route.</summary>
internal sealed class ApiDocument : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "MediaAspire",
            Version = context.DocumentName,
            Description = "Stores files as chunks on several servers. Errors are problem documents (RFC 9457) with a stable `code`.",
        };

        // Without servers the paths are relative to the address of the document, even behind a proxy.
        document.Servers = [];

        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Files", Description = "Files, stored under an id or under a name that the client chooses." },
            new() { Name = "Admin", Description = "Operations on the cluster: its nodes, jobs, repairs, owners and keys." },
        };

        SecurityDescription.AddTo(document);
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
        {
            SimplifyBody(operation);
            SecurityDescription.AddTo(operation);
        }

        return Task.CompletedTask;
    }

    /// <summary>Gives the operation HEAD of a route that answers GET too a name of its own.</summary>
    public static Task NameHead(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        const string get = "Get";
        if (context.Description.HttpMethod == HttpMethods.Head && operation.OperationId?.StartsWith(get, StringComparison.Ordinal) == true)
        {
            operation.OperationId = "Head" + operation.OperationId[get.Length..];
        }

        return Task.CompletedTask;
    }

    /// <summary>Adds <c>code</c> to the description of problem documents.</summary>
    public static Task DescribeProblem(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (context.JsonTypeInfo.Type == typeof(ProblemDetails))
        {
            schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
            schema.Properties["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "A stable name of the problem in kebab-case.",
            };
        }

        return Task.CompletedTask;
    }

    // An optional body is described as "null or such an object", but JSON null is not meant.
    private static void SimplifyBody(OpenApiOperation operation)
    {
        foreach (var body in operation.RequestBody?.Content?.Values ?? Enumerable.Empty<OpenApiMediaType>())
        {
            if (body.Schema?.OneOf is [{ Type: JsonSchemaType.Null }, var schema])
            {
                body.Schema = schema;
            }
        }
    }
}
