using System.Globalization;
using System.Net.Http.Headers;

namespace MediaAspire.Tests.Faults;

/// <summary>One upload, drawn from random numbers.</summary>
/// <param name="Size">Bytes of the file.</param>
/// <param name="IsForm">True to send a form, false to send the file as the request's body.</param>
/// <param name="TellsLength">True to declare the body's length.</param>
/// <param name="TellsHash">True to declare a hash.</param>
/// <param name="HasWrongHash">True to declare a wrong hash.</param>
/// <param name="Sent">The bytes that are sent before the client disconnects; all of them when it stays.</param>
internal sealed record UploadPlan(int Size, bool IsForm, bool TellsLength, bool TellsHash, bool HasWrongHash, int Sent)
{
    public bool IsTruncated => Sent < Size;

    public static UploadPlan Draw(Random random, int maxSize)
    {
        var isEmpty = random.Next(50) == 0;
        var size = (int)Math.Exp(random.NextDouble() * Math.Log(maxSize));
        var isForm = random.Next(2) == 0;
        var tellsLength = random.Next(4) != 0;
        var tellsHash = random.Next(2) == 0;
        var hasWrongHash = tellsHash && random.Next(6) == 0;
        var isTruncated = random.Next(10) == 0;
        var part = random.NextDouble();

        size = isEmpty ? 0 : size;
        return new(size, isForm, tellsLength, tellsHash, hasWrongHash, isTruncated ? (int)(part * size) : size);
    }

    public HttpRequestMessage Request(CampaignFile file, byte[] bytes)
    {
        var content = new TruncatedContent(bytes, Sent, TellsLength);
        var hash = HasWrongHash ? CampaignBytes.Sha256([1, 2, 3]) : file.Sha256;
        if (IsForm)
        {
            content.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "file", FileName = file.Name };
            var form = new MultipartFormDataContent { content };
            if (TellsHash)
            {
                form.Add(new StringContent(hash), "sha256");
            }

            return new(HttpMethod.Post, "/files") { Content = form };
        }

        var request = new HttpRequestMessage(HttpMethod.Put, $"/files?filename={file.Name}") { Content = content };
        if (TellsHash)
        {
            request.Headers.Add("x-checksum-sha256", hash);
        }

        return request;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(IsForm ? "form" : "raw")}{(TellsLength ? "" : " of unknown length")}{(HasWrongHash ? " with a wrong hash" : "")}"
        + $"{(IsTruncated ? $" truncated after {Sent}" : "")}");
}
