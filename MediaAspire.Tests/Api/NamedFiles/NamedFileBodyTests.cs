using System.IO.Pipelines;
using System.Text;
using MediaAspire.Api.NamedFiles;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.NamedFiles;

public sealed class NamedFileBodyTests : IAsyncLifetime
{
    private const long MaxBytes = 100_000_000;

    private StagingHarness _staging = null!;

    public async Task InitializeAsync() => _staging = await StagingHarness.StartAsync();

    public Task DisposeAsync() => _staging.DisposeAsync().AsTask();

    [Theory]
    [InlineData("""{"client_id":"c","name":"n","data":"AQID"}""")]
    [InlineData("""{"data":"AQID","name":"n","client_id":"c"}""")]
    [InlineData("  {\r\n \"name\" : \"n\" ,\t\"data\" : \"AQID\" , \"client_id\" : \"c\" }\n ")]
    [InlineData("""{"x":{"data":[1,{"name":"z"}],"y":null},"client_id":"c","z":[[]],"name":"n","data":"AQID","w":1.5e3}""")]
    [InlineData("""{"client\u005fid":"\u0063","name":"n","d\u0061ta":"\u0041QI\u0044"}""")]
    [InlineData("""{"client_id":"c","name":"n","data":"A Q\nI\r\n\tD"}""")]
    public async Task Read_InAnyOrderAndSpelling_FindsTheFields(string json)
    {
        foreach (var step in new[] { 1, 3, 7, 4096 })
        {
            var (problem, body, bytes) = await ReadAsync(Encoding.UTF8.GetBytes(json), step);

            Assert.Null(problem);
            Assert.Equal(("c", "n"), (body.ClientId, body.Name));
            Assert.Equal([1, 2, 3], bytes);
        }
    }

    [Theory]
    [InlineData("", "json-malformed")]
    [InlineData("null", "json-malformed")]
    [InlineData("[]", "json-malformed")]
    [InlineData("{", "json-malformed")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQID" """, "json-malformed")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQI""", "json-malformed")]
    [InlineData("""{"client_id":"c","name":"n","data":""", "json-malformed")]
    [InlineData("""{"client_id":"c","name":"n","data""", "json-malformed")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQID"} x""", "json-malformed")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQID"}{}""", "json-malformed")]
    [InlineData("""{"client_id":"c",,"name":"n","data":"AQID"}""", "json-malformed")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQID",}""", "json-malformed")]
    [InlineData("""{"name":"n","data":"AQID"}""", "field-missing")]
    [InlineData("""{"client_id":"c","data":"AQID"}""", "field-missing")]
    [InlineData("""{"client_id":"c","name":"n"}""", "field-missing")]
    [InlineData("{}", "field-missing")]
    [InlineData("""{"Client_ID":"c","name":"n","data":"AQID"}""", "field-missing")]
    [InlineData("""{"client_id":"c","client_id":"d","name":"n","data":"AQID"}""", "field-repeated")]
    [InlineData("""{"client_id":"c","name":"n","name":"n","data":"AQID"}""", "field-repeated")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQID","data":"AQID"}""", "field-repeated")]
    [InlineData("""{"client_id":1,"name":"n","data":"AQID"}""", "field-invalid")]
    [InlineData("""{"client_id":{"a":1},"name":"n","data":"AQID"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":null,"data":"AQID"}""", "field-invalid")]
    [InlineData("""{"client_id":"","name":"n","data":"AQID"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"a\u0000b","data":"AQID"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"\ud800","data":"AQID"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":null}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":[1,2]}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":12}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQI"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQIDA"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQ==AQID"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":"A==="}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":"===="}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQ-_"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQ\"D"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQ\u00e4D"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQ\u00g0"}""", "field-invalid")]
    [InlineData("""{"client_id":"c","name":"n","data":"AQäD"}""", "field-invalid")]
    [InlineData("{\"client_id\":\"c\",\"name\":\"n\",\"data\":\"AQ\nD\"}", "field-invalid")]
    public async Task Read_OfWhatIsNotAsItMustBe_SaysWhatAndKeepsNothing(string json, string code)
    {
        foreach (var step in new[] { 1, 5, 4096 })
        {
            var (problem, _, _) = await ReadAsync(Encoding.UTF8.GetBytes(json), step);

            Assert.NotNull(problem);
            Assert.Equal(code, problem.ProblemDetails.Extensions["code"]);
            Assert.Equal(400, problem.StatusCode);
        }

        await _staging.AssertEmptyAsync();
    }

    [Theory]
    [InlineData("client_id", 255, 256)]
    [InlineData("name", 1024, 1025)]
    public async Task Read_OfATextThatIsTooLong_IsRefused(string field, int most, int tooMany)
    {
        Assert.Null((await ReadAsync(With(field, new string('ä', most / 2)))).Problem);
        Assert.NotNull((await ReadAsync(With(field, new string('x', tooMany)))).Problem);
        Assert.NotNull((await ReadAsync(With(field, new string('x', 1_000_000)))).Problem);

        static byte[] With(string field, string value) => Encoding.UTF8.GetBytes(
            $$"""{"client_id":"{{(field == "name" ? "c" : value)}}","name":"{{(field == "name" ? value : "n")}}","data":""}""");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(65_536)]
    [InlineData(1_000_003)]
    public async Task Read_OfAnyBytes_StagesThemAsTheyAre(int size)
    {
        var expected = TestBytes.Make(size, size);
        var base64 = Convert.ToBase64String(expected);
        var lines = Convert.ToBase64String(expected, Base64FormattingOptions.InsertLineBreaks);
        string[] spellings =
        [
            base64,
            base64.Replace("/", "\\/", StringComparison.Ordinal),
            lines.Replace("\r\n", "\\n", StringComparison.Ordinal),
        ];
        foreach (var data in spellings)
        {
            var body = Encoding.ASCII.GetBytes($$"""{"client_id":"c","data":"{{data}}","name":"n"}""");
            var (problem, _, bytes) = await ReadAsync(body, step: 4093);

            Assert.Null(problem);
            Assert.Equal(expected, bytes);
        }
    }

    [Fact]
    public async Task Read_OfTheLargestFile_StagesItAsItComes()
    {
        const int Step = 48 * 1024;
        var chunk = Encoding.ASCII.GetBytes(Convert.ToBase64String(TestBytes.Make(1, Step)));
        var pipe = new Pipe();
        await using var staged = _staging.Area.Create();
        var reading = new NamedFileBody(pipe.Reader, staged, MaxBytes).ReadAsync(CancellationToken.None);

        await pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes("{\"client_id\":\"c\",\"name\":\"n\",\"data\":\""));
        var sent = 0;
        for (; sent + Step <= 64 * 1024 * 1024; sent += Step)
        {
            await pipe.Writer.WriteAsync(chunk);

            // The bytes not yet in Redis are in memory: a window of pieces, the current piece, and the buffer of the pipe.
            Assert.InRange((await _staging.Area.MeasureAsync(CancellationToken.None)).Bytes, sent - (2 * 1024 * 1024), sent + Step);
        }

        await pipe.Writer.WriteAsync("\"}"u8.ToArray());
        await pipe.Writer.CompleteAsync();

        Assert.Null(await reading);
        Assert.Equal(sent, staged.Size);
    }

    [Fact]
    public async Task Read_OfABodyWithoutEnd_Stops()
    {
        var (problem, _, _) = await ReadAsync(Encoding.ASCII.GetBytes("{" + new string(' ', 1_000_000)), step: 100_000, maxBytes: 500_000);

        Assert.Equal("body-too-large", problem?.ProblemDetails.Extensions["code"]);
    }

    private async Task<(Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult? Problem, NamedFileBody Body, byte[] Bytes)> ReadAsync(
        byte[] json, int step = 4096, long maxBytes = MaxBytes)
    {
        var pipe = new Pipe();
        var writing = WriteAsync(pipe.Writer, json, step);
        await using var staged = _staging.Area.Create();
        var body = new NamedFileBody(pipe.Reader, staged, maxBytes);
        var problem = await body.ReadAsync(CancellationToken.None);
        await pipe.Reader.CompleteAsync();
        await writing;
        if (problem is not null)
        {
            return (problem, body, []);
        }

        var value = await staged.CompleteAsync(CancellationToken.None);
        return (null, body, await _staging.ReadAsync(value.Id, value.Size));
    }

    private static async Task WriteAsync(PipeWriter writer, byte[] bytes, int step)
    {
        for (var sent = 0; sent < bytes.Length; sent += step)
        {
            if ((await writer.WriteAsync(bytes.AsMemory(sent, Math.Min(step, bytes.Length - sent)))).IsCompleted)
            {
                break;
            }
        }

        await writer.CompleteAsync();
    }
}
