using System.Text.Json;

namespace MediaAspire.Tests.Api.Reference;

/// <summary>The OpenAPI document that the build of the API wrote.</summary>
public sealed class ApiDocumentTests
{
    private static readonly string s_built = Read("built.json");

    [Fact]
    public void Document_AsBuilt_IsTheOneCheckedIn()
    {
        const string advice = "The REST API has changed. If that was meant, review the diff of:\n" +
            "cp MediaAspire.Api/obj/MediaAspire.Api.json docs/openapi.json";

        Assert.True(Read("checked-in.json") == s_built, advice);
    }

    [Fact]
    public void Numbers_Everywhere_AreOnlyNumbers()
    {
        foreach (var schema in ElementsOf(JsonDocument.Parse(s_built).RootElement))
        {
            if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.Array)
            {
                Assert.DoesNotContain(type.EnumerateArray().Select(name => name.GetString()).Except(["null"]).Skip(1), _ => true);
            }
        }

        var size = JsonDocument.Parse(s_built).RootElement.GetProperty("components").GetProperty("schemas")
            .GetProperty("FileResponse").GetProperty("properties").GetProperty("size");
        Assert.Equal(("integer", "int64"), (size.GetProperty("type").GetString(), size.GetProperty("format").GetString()));
        Assert.False(size.TryGetProperty("pattern", out _));
    }

    [Fact]
    public void Operations_Everywhere_HaveNamesOfTheirOwnSummariesAndTags()
    {
        var operations = JsonDocument.Parse(s_built).RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => operation.Value)).ToList();

        Assert.NotEmpty(operations);
        Assert.Distinct(operations.Select(operation => operation.GetProperty("operationId").GetString()));
        Assert.All(operations, operation =>
        {
            Assert.NotEqual("", operation.GetProperty("summary").GetString());
            Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
        });
    }

    private static string Read(string file) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "openapi", file)).ReplaceLineEndings("\n").TrimEnd();

    private static IEnumerable<JsonElement> ElementsOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => ElementsOf(property.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(ElementsOf),
        _ => [],
    };
}
