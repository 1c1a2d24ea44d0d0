using System.Text.Json.Nodes;
using MediaAspire.Core.Media.Filters;
using Microsoft.OpenApi;

namespace MediaAspire.Api.Media;

/// <summary>Describes the filters of lists, which are read by their own parser.</summary>
internal static class SearchOpenApi
{
    private static readonly (string Name, JsonSchemaType Type, string Text)[] s_others =
    [
        ("without", JsonSchemaType.String, "Tags of which an item has none, separated by commas."),
        ("multi", JsonSchemaType.String, "A text, 1 to 50 characters, in the name, description, website, owner or alias."),
        ("multi.in", JsonSchemaType.String, "The fields of multi, separated by commas."),
        ("temp", JsonSchemaType.Boolean, "List temporary items instead of the others."),
        ("order", JsonSchemaType.String, MediaOrder.Choices + "."),
        ("limit", JsonSchemaType.Integer, "The most items of the page, 1 to 100; 10 by default."),
        ("cursor", JsonSchemaType.String, "The cursor of the page before, with the same filter and order."),
        ("offset", JsonSchemaType.Integer, "The number of items to skip instead of a cursor; with the limit at most 10,000."),
    ];

    public static Task DescribeQuery(OpenApiOperation operation)
    {
        operation.Parameters =
        [
            .. FilterFields.All.Select(field => Parameter(
                field.Name, JsonSchemaType.String, $"Operators: {string.Join(", ", FilterFields.NamesOf(field.Operators))}.")),
            .. s_others.Select(other => Parameter(other.Name, other.Type, other.Text)),
        ];
        return Task.CompletedTask;
    }

    public static Task DescribeBody(OpenApiOperation operation)
    {
        var properties = FilterFields.All.ToDictionary(field => field.Name, _ => (IOpenApiSchema)new OpenApiSchema());
        foreach (var (name, type, text) in s_others.Where(other => other.Name != "multi.in"))
        {
            properties[name] = name is "multi" or "without" ? new OpenApiSchema { Description = text }
                : new OpenApiSchema { Type = type, Description = text };
        }

        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = properties },
                    Example = JsonNode.Parse(
                        """
                        {"owner":"alice","public":true,"tags":["brand","2026"],"size":{"gte":1000,"lt":1000000},
                         "multi":{"text":"logo","in":["name","description"]},"order":"-updatedAt","limit":20}
                        """),
                },
            },
        };
        return Task.CompletedTask;
    }

    private static OpenApiParameter Parameter(string name, JsonSchemaType type, string text) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = text,
        Schema = new OpenApiSchema { Type = type },
    };
}
