using MediaAspire.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.ServiceDefaults;

public sealed class TransferBuffersTests
{
    [Fact]
    public async Task Server_WithThem_ReadsABodyInLongSegments()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddTransferBuffers();
        await using var app = builder.Build();
        app.MapPost("/", async (HttpRequest request) =>
        {
            long segments = 0, bytes = 0;
            while (await request.BodyReader.ReadAsync() is { } read)
            {
                foreach (var segment in read.Buffer)
                {
                    (segments, bytes) = (segments + 1, bytes + segment.Length);
                }

                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            return $"{bytes} {bytes / segments}";
        });
        await app.StartAsync();

        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var answer = await client.PostAsync("/", new ByteArrayContent(new byte[8 * 1024 * 1024]));
        var numbers = (await answer.Content.ReadAsStringAsync()).Split(' ');

        Assert.Equal("8388608", numbers[0]);
        Assert.InRange(long.Parse(numbers[1], System.Globalization.CultureInfo.InvariantCulture), 4097, 65_536);
    }
}
