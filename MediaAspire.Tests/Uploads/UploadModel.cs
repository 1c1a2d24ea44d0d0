using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Uploads;

/// <summary>Random appends, cuts and take-overs over several doors, beside a byte array that knows what must be stored.</summary>
/// <remarks>
/// After every step the told offset is right: not below what was told before, and not above what was sent. In the end the bytes are those
/// that were sent, whichever doors took them.
/// </remarks>
internal sealed class UploadModel(IReadOnlyList<IUploadDoor> doors, int seed)
{
    private readonly Random _random = new(seed);
    private byte[] _bytes = [];
    private long _offset;
    private string _upload = "";

    /// <summary>Uploads one file in random steps.</summary>
    /// <param name="maxLength">The most bytes.</param>
    /// <returns>The number of steps.</returns>
    public async Task<int> RunAsync(int maxLength)
    {
        _bytes = TestBytes.Make(seed, _random.Next(1, maxLength));
        _upload = await Door().CreateAsync(_bytes.Length);
        var steps = 0;
        while (_offset < _bytes.Length)
        {
            await StepAsync();
            steps++;
        }

        var stored = await Door().ReadAsync(_upload);
        Assert.True(stored.AsSpan().SequenceEqual(_bytes), $"Seed {seed}: other bytes after {steps} steps.");
        return steps;
    }

    private Task StepAsync() => _random.Next(10) switch
    {
        < 3 => AppendAsync(),
        < 5 => BreakAsync(),
        < 7 => TakeOverAsync(),
        < 8 => WrongOffsetAsync(),
        < 9 => OverlapAsync(),
        _ => AskAsync(),
    };

    private async Task AppendAsync()
    {
        var size = NextSize();
        var answer = await Door().AppendAsync(_upload, _offset, Body(size).End());
        Told(answer, _offset + size);
    }

    /// <summary>The connection breaks after some bytes: all of them, or a part, may be stored.</summary>
    private async Task BreakAsync()
    {
        var size = NextSize();
        var from = _offset;
        if (await Door().AppendAsync(_upload, _offset, Body(size).Break()) is { } answer)
        {
            Advanced(answer.Offset, from + size);
        }

        Advanced(await Door().AskOffsetAsync(_upload), from + size);
    }

    /// <summary>A client that lost its connection asks for the offset, while the server still waits for bytes of the old request.</summary>
    private async Task TakeOverAsync()
    {
        var size = NextSize();
        var from = _offset;
        if (from + size == _bytes.Length)
        {
            size--;
        }

        var body = Body(size);
        var older = Door().AppendAsync(_upload, from, body);
        await Task.WhenAny(body.Starved, older);
        Advanced(await Door().AskOffsetAsync(_upload), from + size);
        body.Give(new byte[10]).End();
        await older;
        var settled = _offset;
        Advanced(await Door().AskOffsetAsync(_upload), settled);
    }

    private async Task WrongOffsetAsync()
    {
        var wrong = _random.Next(_bytes.Length + 10);
        if (wrong != _offset)
        {
            var answer = await Door().AppendAsync(_upload, wrong, new TestBody().Give(new byte[5]).End());
            Assert.False(answer?.IsAccepted, $"Seed {seed}: offset {wrong} was accepted at {_offset}.");
        }
    }

    /// <summary>Two clients send the same bytes at once: one of them wins each range, whole or in part.</summary>
    private async Task OverlapAsync()
    {
        var (first, second) = (NextSize(), NextSize());
        var from = _offset;
        await Task.WhenAll(
            Door().AppendAsync(_upload, from, Body(first).End()), Door().AppendAsync(_upload, from, Body(second).End()));
        Advanced(await Door().AskOffsetAsync(_upload), from + Math.Max(first, second));
    }

    private async Task AskAsync() => Assert.Equal(_offset, await Door().AskOffsetAsync(_upload));

    private IUploadDoor Door() => doors[_random.Next(doors.Count)];

    private TestBody Body(int size) => new TestBody().Give(_bytes.AsSpan((int)_offset, size));

    private int NextSize()
    {
        var rest = (int)(_bytes.Length - _offset);
        return _random.Next(3) == 0 ? rest : _random.Next(rest + 1);
    }

    private void Told(DoorAnswer? answer, long expected)
    {
        Assert.True(answer is { IsAccepted: true }, $"Seed {seed}: the append at {_offset} was not accepted.");
        Assert.True(answer.Offset == expected, $"Seed {seed}: offset {answer.Offset} was told instead of {expected}.");
        _offset = expected;
    }

    private void Advanced(long told, long most)
    {
        Assert.True(told >= _offset && told <= most, $"Seed {seed}: offset {told} was told, after {_offset} and with {most} bytes sent.");
        _offset = told;
    }
}
