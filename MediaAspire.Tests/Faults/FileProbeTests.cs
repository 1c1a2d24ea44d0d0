using System.Net;
using System.Net.Http.Headers;
using Npgsql;

namespace MediaAspire.Tests.Faults;

/// <summary>Tests that the probe detects wrong responses.</summary>
public sealed class FileProbeTests : IDisposable
{
    private const int Size = 1000;

    // Nothing listens there; only the message of a violation asks for it.
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1");
    private readonly byte[] _bytes = CampaignBytes.Make(5, 0, Size);

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task ReadAsync_EveryByte_Whole() =>
        Assert.Equal(ProbeOutcome.Whole, await ReadAsync(Acknowledged(), HttpStatusCode.OK, _bytes));

    [Fact]
    public async Task ReadAsync_RightRange_Whole() =>
        Assert.Equal(ProbeOutcome.Whole, await ReadAsync(Acknowledged(), HttpStatusCode.PartialContent, _bytes[10..20], new(10, 19)));

    [Fact]
    public async Task ReadAsync_RangeOfAnotherPlace_Violation() =>
        await AssertViolationAsync(Acknowledged(), HttpStatusCode.PartialContent, _bytes[11..21], new(10, 19));

    [Fact]
    public async Task ReadAsync_OneWrongBit_Violation()
    {
        _bytes[^1] ^= 1;

        await AssertViolationAsync(Acknowledged(), HttpStatusCode.OK, _bytes);
    }

    [Fact]
    public async Task ReadAsync_ShortSuccess_Violation() =>
        await AssertViolationAsync(Acknowledged(), HttpStatusCode.OK, _bytes[..^1]);

    [Fact]
    public async Task ReadAsync_AcknowledgedNotFound_Violation() => await AssertViolationAsync(Acknowledged(), HttpStatusCode.NotFound, []);

    [Fact]
    public async Task ReadAsync_AcknowledgedInternalError_Violation() =>
        await AssertViolationAsync(Acknowledged(), HttpStatusCode.InternalServerError, []);

    [Fact]
    public async Task ReadAsync_AcknowledgedUnavailable_IsAllowed() =>
        Assert.Equal("503", (await ReadAsync(Acknowledged(), HttpStatusCode.ServiceUnavailable, [])).Name);

    [Fact]
    public async Task ReadAsync_DeletedIsBack_Violation()
    {
        var file = Acknowledged();
        Assert.True(file.TryBeginDelete());
        file.EndDelete();

        await AssertViolationAsync(file, HttpStatusCode.OK, _bytes);
    }

    [Fact]
    public async Task ReadAsync_SeenGoneAfterALostDeleteIsBack_Violation()
    {
        var file = Acknowledged();
        Assert.True(file.TryBeginDelete());
        file.LoseDelete();
        Assert.Equal(ProbeOutcome.Gone, await ReadAsync(file, HttpStatusCode.NotFound, []));

        await AssertViolationAsync(file, HttpStatusCode.OK, _bytes);
    }

    private static CampaignFile Acknowledged()
    {
        var file = new CampaignFile(5, Size, "");
        file.Acknowledge(Guid.CreateVersion7());
        return file;
    }

    private async Task AssertViolationAsync(CampaignFile file, HttpStatusCode status, byte[] body, RangeItemHeaderValue? range = null) =>
        await Assert.ThrowsAsync<CampaignViolationException>(() => ReadAsync(file, status, body, range));

    private async Task<ProbeOutcome> ReadAsync(CampaignFile file, HttpStatusCode status, byte[] body, RangeItemHeaderValue? range = null)
    {
        using var http = new HttpClient(new Answer(status, body)) { BaseAddress = new Uri("http://localhost") };
        return await new FileProbe(_database).ReadAsync(http, file, range);
    }

    private sealed class Answer(HttpStatusCode status, byte[] body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(body) });
    }
}
