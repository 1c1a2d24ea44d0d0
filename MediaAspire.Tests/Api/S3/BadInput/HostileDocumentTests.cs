using System.Diagnostics;
using System.Text;
using MediaAspire.Tests.Harness;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Api.S3.BadInput;

/// <summary>
/// Documents of 4 MiB that only cost their sender a request: client, API and node share one process, whose allocations are measured.
/// </summary>
[Collection(MemoryGroup.Name)]
public sealed class HostileDocumentTests(PostgresFixture postgres, ITestOutputHelper output) : IAsyncLifetime
{
    private const int MaxBytes = 4 * 1024 * 1024;

    // A client and a server in this process need about 100 KiB for a request without a body.
    private const long AllowedBytes = 1024 * 1024;

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
        using var put = await _host.PutAsync("/first/a", "hello"u8.ToArray());
        await put.AssertStatusAsync(200);
    }

    public async Task DisposeAsync()
    {
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "/first?delete", null)]
    [InlineData("PUT", "/first/a?tagging", null)]
    [InlineData("PUT", "/first/a?tagging", "bob")]
    [InlineData("PUT", "/first/a?retention", null)]
    [InlineData("PUT", "/first/a?legal-hold", null)]
    [InlineData("PUT", "/first/a?acl", null)]
    [InlineData("PUT", "/first?policy", null)]
    [InlineData("PUT", "/first?lifecycle", null)]
    [InlineData("PUT", "/first?cors", null)]
    public async Task The_document_of_a_sender_that_cannot_be_allowed_is_not_read(string method, string target, string? sender)
    {
        var allocated = await MeasureAsync(method, target, sender, Elements("<Object/>"), 403, "AccessDenied");

        Assert.InRange(allocated, 0, AllowedBytes);
    }

    [Theory]
    [InlineData("<Object/>")]
    [InlineData("<Object><Key>a</Key></Object>")]
    [InlineData("<a/>")]
    public async Task Elements_beyond_the_limit_end_the_reading(string element)
    {
        var allocated = await MeasureAsync("POST", "/first?delete", "bob", Elements(element), 400, "MalformedXML");

        // 8,192 elements are a document of 1,000 keys with all their conditions.
        Assert.InRange(allocated, 0, 4 * AllowedBytes);
    }

    [Fact]
    public async Task Attributes_beyond_the_limit_end_the_reading()
    {
        var document = new StringBuilder("<Delete>");
        document.Append("<Object ");
        for (var number = 0; document.Length < MaxBytes - 64; number++)
        {
            document.Append('a').Append(number).Append("='' ");
        }

        document.Append("/></Delete>");

        await MeasureAsync("POST", "/first?delete", "bob", Encoding.UTF8.GetBytes(document.ToString()), 400, "MalformedXML");
    }

    [Fact]
    public async Task A_text_beyond_the_limit_ends_the_reading()
    {
        var document = $"<Delete><Object><Key>{new string('k', MaxBytes - 100)}</Key></Object></Delete>";

        var allocated = await MeasureAsync(
            "POST", "/first?delete", "bob", Encoding.UTF8.GetBytes(document), 400, "MaxMessageLengthExceeded");

        Assert.InRange(allocated, 0, AllowedBytes);
    }

    private static byte[] Elements(string element)
    {
        var document = new StringBuilder("<Delete>");
        while (document.Length < MaxBytes - 64)
        {
            document.Append(element);
        }

        return Encoding.UTF8.GetBytes(document.Append("</Delete>").ToString());
    }

    private async Task<long> MeasureAsync(string method, string target, string? sender, byte[] body, int status, string code)
    {
        var digest = Bodies.ContentMd5Of(body);
        var best = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = (Bytes: GC.GetTotalAllocatedBytes(precise: true), Cpu: Process.GetCurrentProcess().TotalProcessorTime);
            using var answer = await _host.SendAsync(new HttpMethod(method), target, body, sender, ("Content-MD5", digest));
            var bytes = GC.GetTotalAllocatedBytes(precise: true) - before.Bytes;
            var cpu = Process.GetCurrentProcess().TotalProcessorTime - before.Cpu;
            output.WriteLine($"{method} {target} by {sender ?? "nobody"}: {bytes / 1024} KiB allocated, {cpu.TotalMilliseconds:F1} ms");
            await answer.AssertErrorAsync(status, code);
            best = Math.Min(best, bytes);
        }

        return best;
    }
}
