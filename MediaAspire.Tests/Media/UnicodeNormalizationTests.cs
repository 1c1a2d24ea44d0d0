using System.Text;
using MediaAspire.Core.Media;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media;

/// <summary>Compares our normal form with that of PostgreSQL, which has tables of its own of the same version of Unicode.</summary>
public sealed class UnicodeNormalizationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Every_character_has_the_form_that_PostgreSQL_gives_it()
    {
        var texts = new List<string>();
        for (var value = 1; value <= 0x10FFFF; value++)
        {
            if (Rune.IsValid(value))
            {
                texts.Add(new Rune(value).ToString());
                texts.Add("a" + new Rune(value) + "\u0301\u0323");
            }
        }

        await AssertAsync(texts);
    }

    [Fact]
    public async Task Random_sequences_have_the_form_that_PostgreSQL_gives_them()
    {
        var random = new Random(15);

        // Characters that decompose, combine, compose or do none of it.
        int[][] ranges =
        [
            [0x41, 0x5A], [0xA0, 0x17F], [0x300, 0x36F], [0x1100, 0x11FF], [0xAC00, 0xAC80], [0x1E00, 0x1FFF], [0x0900, 0x0DFF],
            [0xFB00, 0xFDFF], [0x1D160, 0x1D1FF], [0x2100, 0x21FF], [0x3300, 0x33FF], [0xF900, 0xFA00], [0x11100, 0x11140],
        ];
        var texts = Enumerable.Range(0, 30_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ =>
        {
            var range = ranges[random.Next(ranges.Length)];
            return new Rune(random.Next(range[0], range[1] + 1)).ToString();
        }))).ToList();

        await AssertAsync(texts);
    }

    [Fact]
    public void A_long_sequence_of_combining_characters_takes_no_time_worth_an_attack()
    {
        var hostile = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323\u0344", 50_000));
        var startedAt = TimeProvider.System.GetTimestamp();

        UnicodeNormalization.ToFormKC(hostile);

        Assert.InRange(TimeProvider.System.GetElapsedTime(startedAt), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private async Task AssertAsync(IReadOnlyList<string> texts)
    {
        foreach (var chunk in texts.Chunk(50_000))
        {
            await using var command = postgres.Database.CreateCommand(
                "SELECT normalize(t.text, NFKC) FROM unnest($1) WITH ORDINALITY AS t (text, place) ORDER BY t.place");
            command.Parameters.Add(new() { Value = chunk });
            await using var reader = await command.ExecuteReaderAsync();
            foreach (var text in chunk)
            {
                Assert.True(await reader.ReadAsync());
                var (expected, actual) = (reader.GetString(0), UnicodeNormalization.ToFormKC(text));
                Assert.True(expected == actual, $"{Codes(text)}: {Codes(expected)}, not {Codes(actual)}");
            }
        }
    }

    private static string Codes(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => $"{rune.Value:X4}"));
}
