using System.Xml.Linq;

namespace MediaAspire.Tests.Api.S3.Multipart;

/// <summary>A multipart upload, as a client makes it.</summary>
internal sealed class TestUpload
{
    private readonly S3TestHost _host;
    private readonly SortedDictionary<int, string> _parts = [];

    private TestUpload(S3TestHost host, string target, string id)
    {
        _host = host;
        Id = id;
        Target = $"{target}?uploadId={id}";
    }

    public string Id { get; }

    /// <summary>Gets the key's path with the upload's id in its query.</summary>
    public string Target { get; }

    /// <summary>Gets the list that completes the upload with every part that was put.</summary>
    public string List => ListOf([.. _parts.Select(part => (part.Key, part.Value))]);

    public static async Task<TestUpload> BeginAsync(S3TestHost host, string target, params (string Name, string Value)[] headers)
    {
        using var answer = await host.SendAsync(HttpMethod.Post, target + "?uploads", headers: headers);
        await answer.AssertStatusAsync(200);
        var document = await answer.XmlAsync();
        Assert.Equal("InitiateMultipartUploadResult", document.Name.LocalName);
        return new(host, target, document.Text("UploadId"));
    }

    public static string ListOf(params (int Number, string ETag)[] parts)
    {
        var elements = parts.Select(part => $"<Part><PartNumber>{part.Number}</PartNumber><ETag>{part.ETag}</ETag></Part>");
        return $"<CompleteMultipartUpload>{string.Concat(elements)}</CompleteMultipartUpload>";
    }

    public Task<HttpResponseMessage> SendPartAsync(string number, byte[] body, params (string Name, string Value)[] headers) =>
        _host.PutAsync($"{Target}&partNumber={number}", body, headers);

    /// <summary>Puts a part and adds it to <see cref="List"/>.</summary>
    /// <returns>Its entity tag, with quotes.</returns>
    public async Task<string> PutAsync(int number, byte[] body, params (string Name, string Value)[] headers)
    {
        using var answer = await SendPartAsync($"{number}", body, headers);
        await answer.AssertStatusAsync(200);
        Assert.Equal(Bodies.ETagOf(body), answer.Header("ETag"));
        return _parts[number] = answer.Header("ETag")!;
    }

    public Task<HttpResponseMessage> SendCopyAsync(int number, string source, params (string Name, string Value)[] headers) =>
        _host.PutAsync($"{Target}&partNumber={number}", [], [("x-amz-copy-source", source), .. headers]);

    /// <summary>Removes a part from <see cref="List"/>.</summary>
    public void Forget(int number) => _parts.Remove(number);

    /// <summary>Copies an object, or a range of one, into a part and adds it to <see cref="List"/>.</summary>
    /// <returns>The response.</returns>
    public async Task<XElement> CopyAsync(int number, string source, params (string Name, string Value)[] headers)
    {
        using var answer = await SendCopyAsync(number, source, headers);
        await answer.AssertStatusAsync(200);
        var document = await answer.XmlAsync();
        Assert.Equal("CopyPartResult", document.Name.LocalName);
        _parts[number] = document.Text("ETag");
        return document;
    }

    public Task<HttpResponseMessage> CompleteAsync(params (string Name, string Value)[] headers) => CompleteAsync(List, headers);

    public Task<HttpResponseMessage> CompleteAsync(string list, params (string Name, string Value)[] headers) =>
        _host.SendAsync(HttpMethod.Post, Target, System.Text.Encoding.UTF8.GetBytes(list), headers: headers);

    public Task<HttpResponseMessage> AbortAsync() => _host.DeleteAsync(Target);

    public async Task<XElement> ListPartsAsync(string more = "")
    {
        using var answer = await _host.GetAsync(Target + more);
        await answer.AssertStatusAsync(200);
        return await answer.XmlAsync();
    }
}

/// <summary>Reads documents of any namespace.</summary>
internal static class DocumentText
{
    public static IEnumerable<XElement> Named(this XElement element, string name) =>
        element.Elements().Where(child => child.Name.LocalName == name);

    public static string Text(this XElement element, string name) => element.Named(name).Single().Value;

    public static string[] Texts(this XElement element, string name) =>
        [.. element.Descendants().Where(child => child.Name.LocalName == name).Select(child => child.Value)];
}
