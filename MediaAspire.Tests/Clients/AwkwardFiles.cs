using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Tests.Clients;

/// <summary>A folder of 1,000 small files with awkward names, and one large file that clients upload in parts.</summary>
internal static class AwkwardFiles
{
    public const int Count = 1000;

    public const string LargeName = "large 100% + more.bin";

    public const long LargeSize = 100L * 1024 * 1024;

    private const int Seed = 20261121;

    // Two normal forms of one name are two files, as their keys are two objects.
    private static readonly string[] s_names =
    [
        "plain.txt", "with space.txt", "two  spaces.txt", "trailing space ", " leading space", "plus+plus.txt", "per%cent.txt",
        "%20.txt", "%2F.txt", "100%", "ampersand&amp;.txt", "single'quote.txt", "double\"quote.txt", "back`tick", "question?mark.txt",
        "hash#tag.txt", "semi;colon=equals.txt", "comma,at@colon:.txt", "dollar$star*.txt", "[brackets]{braces}(parens).txt",
        "less<greater>.txt", "pipe|tilde~caret^.txt", "exclamation!.txt", ".hidden", "..two dots", "...", ".ends.",
        "UPPER.txt", "upper.txt", "_underscore", "-dash", "caf\u00e9 NFC.txt", "cafe\u0301 NFD.txt", "\u00fcml\u00e4ut.txt",
        "\u65e5\u672c\u8a9e.txt", "\u0440\u0443\u0441\u0441\u043a\u0438\u0439.txt", "\u05e2\u05d1\u05e8\u05d9\u05ea.txt",
        "\U0001F600 emoji.png", "\u00a0no-break.txt", "null", "versionId=1", "partNumber", "a=b&c=d", "+", "~", "&",
    ];

    public static async Task WriteAsync(string directory)
    {
        var random = new Random(Seed);
        foreach (var path in Paths())
        {
            var bytes = new byte[random.Next(20) switch { 0 => 0, 1 => 200_000, _ => random.Next(1, 3000) }];
            random.NextBytes(bytes);
            var file = Path.Combine(directory, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes);
        }

        await using var large = File.Create(Path.Combine(directory, LargeName));
        var block = new byte[1024 * 1024];
        for (var written = 0L; written < LargeSize; written += block.Length)
        {
            random.NextBytes(block);
            await large.WriteAsync(block);
        }
    }

    /// <summary>Reads the files of a folder: SHA-256 by the path within it.</summary>
    public static async Task<SortedDictionary<string, string>> DigestAsync(string directory)
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        foreach (var path in Directory.EnumerateFiles(directory, "*", everything))
        {
            await using var stream = File.OpenRead(path);
            digests.Add(Path.GetRelativePath(directory, path), Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)));
        }

        return digests;
    }

    private static List<string> Paths()
    {
        var paths = new List<string>(s_names)
        {
            // The longest name of a file, one of two-byte letters with room for a client's suffix, and a path of nearly 1,024 bytes.
            new('l', 255),
            new('\u00fc', 120),
            string.Join('/', Enumerable.Repeat(new string('p', 199), 5)),
            string.Join('/', Enumerable.Repeat("deep", 60)) + "/file",
        };
        paths.AddRange(s_names.Select(name => $"folder {name}/{name}"));

        for (var i = 0; paths.Count < Count; i++)
        {
            var name = s_names[i % s_names.Length];
            paths.Add(string.Create(CultureInfo.InvariantCulture, $"many/{i % 7}/{i} {name}"));
        }

        Assert.All(paths, path => Assert.InRange(Encoding.UTF8.GetByteCount(path), 1, 1024));
        return paths;
    }
}
