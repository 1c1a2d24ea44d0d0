using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace MediaAspire.Tests.Graph;

/// <summary>The parts of the image API that several tests need.</summary>
internal static class ImageClient
{
    /// <summary>Sends a picture.</summary>
    public static async Task<HttpResponseMessage> PostImageAsync(this HttpClient api, byte[] bytes, string path = "/images")
    {
        using var form = new MultipartFormDataContent();
        var part = new ByteArrayContent(bytes);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(part, "images[]", "picture");
        return await api.PostAsync(path, form);
    }

    /// <summary>Uploads a picture.</summary>
    /// <returns>The alias and the delete token.</returns>
    public static async Task<(string Alias, string Token)> UploadImageAsync(this HttpClient api, byte[] bytes)
    {
        using var response = await api.PostImageAsync(bytes);
        return await ReadAsync(response, HttpStatusCode.Created);
    }

    /// <summary>Reads the alias and the delete token of the response to an upload, or to a claim.</summary>
    public static async Task<(string Alias, string Token)> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode}: {text}");
        using var json = JsonDocument.Parse(text);
        var file = json.RootElement.GetProperty("files")[0];
        return (file.GetProperty("file").GetString()!, file.GetProperty("delete_token").GetString()!);
    }

    /// <summary>Reads the status and the code of a problem.</summary>
    public static async Task<(int Status, string? Code)> OutcomeAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
            return (
                (int)response.StatusCode,
                isProblem ? (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString() : null);
        }
    }
}
