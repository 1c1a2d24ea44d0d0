using System.Text;
using MediaAspire.Api.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace MediaAspire.Tests.Api.Http;

public sealed class MultipartLengthTests
{
    [Theory]
    [InlineData("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n{0}\r\n--B--\r\n")]
    [InlineData("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ä\"\r\nContent-Type: image/png\r\n\r\n{0}\r\n--B--\r\n")]
    [InlineData(
        "--B\r\nContent-Disposition: form-data; name=\"sha256\"\r\n\r\nabc\r\n"
        + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n{0}\r\n--B--\r\n")]
    public async Task EstimateRest_FileIsTheLastPart_IsExact(string form)
    {
        const int FileBytes = 1234;
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, new string('x', FileBytes));
        var body = Encoding.UTF8.GetBytes(text);
        var reader = new MultipartReader("B", new MemoryStream(body));
        var length = new MultipartLength(body.Length, "B");

        while (await reader.ReadNextSectionAsync(CancellationToken.None) is { } section)
        {
            length.Pass(section);
            if (section.GetContentDispositionHeader()!.Name == "file")
            {
                Assert.Equal(FileBytes, length.EstimateRest());
                return;
            }

            length.PassBody((await section.ReadAsStringAsync(CancellationToken.None)).Length);
        }

        Assert.Fail("The form has no file.");
    }

    [Fact]
    public void EstimateRest_NoContentLength_IsUnknown()
    {
        Assert.Null(new MultipartLength(contentLength: null, "B").EstimateRest());
    }
}
