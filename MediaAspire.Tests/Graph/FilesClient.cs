using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Files;

namespace MediaAspire.Tests.Graph;

/// <summary>Requests to <c>/files</c>.</summary>
internal static class FilesClient
{
    public static async Task<FileResponse> PutFileAsync(this HttpClient api, byte[] bytes, string filename = "file.bin")
    {
        using var response = await api.PutAsync($"/files?filename={Uri.EscapeDataString(filename)}", new ByteArrayContent(bytes));
        return await ReadCreatedAsync(response);
    }

    public static async Task<FileResponse> PostFormAsync(
        this HttpClient api, byte[] bytes, string filename = "file.bin", string? sha256 = null)
    {
        using var form = Form(bytes, filename, sha256);
        using var response = await api.PostAsync("/files", form);
        return await ReadCreatedAsync(response);
    }

    public static MultipartFormDataContent Form(byte[] bytes, string filename, string? sha256 = null)
    {
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");

        // HttpClient writes no quotes into filename=, so it sends the name as filename*.
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "file", FileNameStar = filename };
        var form = new MultipartFormDataContent { file };
        if (sha256 is not null)
        {
            form.Add(new StringContent(sha256), "sha256");
        }

        return form;
    }

    public static async Task<FileResponse> ReadCreatedAsync(HttpResponseMessage response)
    {
        Assert.True(
            response.StatusCode == HttpStatusCode.Created, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        var file = (await response.Content.ReadFromJsonAsync<FileResponse>())!;
        Assert.Equal($"/files/{file.FileId}", response.Headers.Location?.ToString());
        return file;
    }

    /// <summary>Asserts that a response is a problem document with a stable code.</summary>
    public static async Task AssertProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} where {status} was expected: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(body);
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.NotEmpty(problem.RootElement.GetProperty("detail").GetString()!);
    }
}
