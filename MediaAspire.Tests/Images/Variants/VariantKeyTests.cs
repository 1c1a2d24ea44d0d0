using System.Globalization;
using System.Text;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Tests.Images.Variants;

/// <summary>The properties of keys: one picture has one key, and a key says all of its picture.</summary>
public sealed class VariantKeyTests
{
    private static readonly ImageDetails s_source = new() { Format = ImageFormat.Jpeg, Width = 4000, Height = 3000 };

    [Fact]
    public void Parse_WrittenKey_GivesARequestWithTheSameKey()
    {
        var random = new Random(1);
        for (var round = 0; round < 3_000; round++)
        {
            var key = KeyOf(RandomQuery(random), random.Next(2) == 0 ? "webp" : "png");

            Assert.Equal(key, VariantKey.Write(VariantKey.Parse(key)));
        }
    }

    [Fact]
    public void Encoding_and_the_place_of_settings_do_not_mint_new_variants()
    {
        var random = new Random(2);
        for (var round = 0; round < 2_000; round++)
        {
            var pairs = RandomQuery(random);
            var key = KeyOf(pairs, "webp");
            List<string> respelt = [.. pairs.Select(pair => Respell(random, pair))];
            respelt.Insert(random.Next(respelt.Count + 1), "identity");
            var setting = respelt.FindIndex(pair => Uri.UnescapeDataString(pair).StartsWith("quality=", StringComparison.Ordinal));
            if (setting >= 0)
            {
                var moved = respelt[setting];
                respelt.RemoveAt(setting);
                respelt.Insert(random.Next(respelt.Count + 1), moved);
            }

            Assert.Equal(key, KeyOf(respelt, "webp"));
        }
    }

    [Fact]
    public void The_order_of_operations_is_kept_in_the_key()
    {
        Assert.NotEqual(KeyOf(["crop=1x1", "resize=100"], "webp"), KeyOf(["resize=100", "crop=1x1"], "webp"));
        Assert.NotEqual(KeyOf(["blur=3", "resize=100"], "webp"), KeyOf(["resize=100", "blur=3"], "webp"));
    }

    [Theory]
    [InlineData("blur=1.5", "blur=1.5000001")]
    [InlineData("quality=80", "quality=81")]
    [InlineData("crop=1x1", "crop=20x20")]
    [InlineData("resize=300", "resize=lanczos3.0300")]
    [InlineData("fill=300x400", "fill=300x400@0.5,0.501")]
    [InlineData("resize=a10000", "resize=a10001")]
    [InlineData("at=1", "at=1.04")]
    public void Differences_that_nobody_sees_do_not_mint_new_variants(string first, string second) =>
        Assert.Equal(KeyOf([first], "webp"), KeyOf([second], "webp"));

    [Theory]
    [InlineData("quality=80", "png")]
    [InlineData("quality=auto", "gif")]
    [InlineData("frame=first", "jpg")]
    public void Write_SettingWithoutEffectOnTheFormat_IsLeftOut(string setting, string extension) =>
        Assert.Equal($"identity.{extension}", KeyOf([setting], extension));

    [Theory]
    [InlineData("resize=4000", "identity.webp")]
    [InlineData("resize=10000", "identity.webp")]
    [InlineData("resize=3999", "resize=3999.webp")]
    [InlineData("thumbnail=5000&blur=2", "blur=2.webp")]
    [InlineData("resize=a16000000", "identity.webp")]
    [InlineData("resize=a11000000", "resize=a10995856.webp")]
    [InlineData("fit=4000x3000", "identity.webp")]
    [InlineData("fit=4000x2999", "fit=4000x2999.webp")]
    [InlineData("fit=9000x", "identity.webp")]
    [InlineData("fit=9000x:enlarge", "fit=9000x:enlarge.webp")]
    [InlineData("cut=4000x9000", "identity.webp")]
    [InlineData("flatten=ffffff", "identity.webp")]
    [InlineData("resize=300&resize=300", "resize=300.webp")]
    [InlineData("resize=300&thumbnail=500&resize=400", "resize=300.webp")]
    [InlineData("resize=300&resize=200", "resize=300/resize=200.webp")]
    [InlineData("crop=1x1&crop=1x1", "crop=1x1.webp")]
    [InlineData("crop=1x1&resize=3500", "crop=1x1/resize=3500.webp")]
    [InlineData("rotate=90&cut=3000x4000", "rotate=90.webp")]
    [InlineData("frame=first", "identity.webp")]
    [InlineData("at=3", "identity.webp")]
    public void For_APicture_LeavesOutWhatHasNoEffectOnIt(string query, string key)
    {
        Assert.Null(VariantQuery.Read(VariantQuery.ReadPairs(query), "webp", new Dictionary<string, VariantWish>(), out var wish));

        Assert.Equal(key, VariantKey.Write(wish!.For(s_source, _ => false)));
    }

    [Fact]
    public void Write_LongestRequest_FitsIntoTheColumn()
    {
        var steps = Enumerable.Repeat<ImageStep>(
            new ImageStep.ResizeTo(10_000, 10_000, ResizeMode.Force, new(0.25, 0.75), true), VariantKey.MaxSteps);
        var key = VariantKey.Write(new ImageRequest([.. steps], ImageFormat.Webp)
        {
            Quality = 100,
            TakesOneFrame = true,
            At = TimeSpan.FromSeconds(86_399.9),
        });

        Assert.InRange(Encoding.UTF8.GetByteCount(key), 1, 1000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("resize=300")]
    [InlineData("resize=300.exe")]
    [InlineData("resize=0.webp")]
    [InlineData("unknown=1.webp")]
    public void Parse_AnythingElse_Throws(string key) => Assert.Throws<FormatException>(() => VariantKey.Parse(key));

    [Theory]
    [InlineData("fit=10000x:enlarge", 9, 1000, true)]
    [InlineData("fit=10000x10000:enlarge", 100, 100, true)]
    [InlineData("fit=5000x5000:enlarge", 100, 100, false)]
    [InlineData("pad=10000", 10, 10, true)]
    [InlineData("pad=10000&resize=10", 10, 10, true)]
    [InlineData("resize=10", 10_000, 10_000, false)]
    [InlineData("blur=1", 10_000, 10_000, false)]
    public void IsTooLarge_ForEnlargedPictures_SaysSoBeforeAnyPixelIsMade(string query, int width, int height, bool isTooLarge)
    {
        var key = KeyOf(query.Split('&'), "webp");
        var size = VariantSize.LargestOf(VariantKey.Parse(key), s_source with { Width = width, Height = height });

        Assert.Equal(isTooLarge, size.IsTooLarge);
    }

    [Theory]
    [InlineData("blur=20", 4000, 3000, false)]
    [InlineData("blur=21", 4000, 3000, true)]
    [InlineData("resize=1000&blur=100", 4000, 3000, false)]
    [InlineData("blur=100&resize=1000", 4000, 3000, true)]
    [InlineData("sharpen=10", 6000, 4000, false)]
    [InlineData("sharpen=10", 6000, 4100, true)]
    public void LargestBlur_CountsThePixelsThatItIsAppliedTo(string query, int width, int height, bool isTooMuch)
    {
        var key = KeyOf(query.Split('&'), "webp");
        var work = VariantSize.LargestBlurOf(VariantKey.Parse(key), s_source with { Width = width, Height = height });

        Assert.Equal(isTooMuch, work > VariantSize.MaxBlur);
    }

    private static List<string> RandomQuery(Random random)
    {
        var pairs = new List<string>();
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            pairs.Add(random.Next(9) switch
            {
                0 => $"thumbnail={random.Next(1, 3000)}",
                1 => $"resize={(random.Next(2) == 0 ? "mitchell." : "")}{(random.Next(2) == 0 ? "a" : "")}{random.Next(1, 3000)}",
                2 => $"crop={random.Next(1, 21)}x{random.Next(1, 21)}",
                3 => string.Create(CultureInfo.InvariantCulture, $"blur={random.Next(1, 10_000) / 100.0}"),
                4 => $"fill={random.Next(1, 3000)}x{random.Next(1, 3000)}@smart",
                5 => string.Create(CultureInfo.InvariantCulture, $"cut=10x10@{random.Next(101) / 100.0},{random.Next(101) / 100.0}"),
                6 => $"pad={random.Next(1, 9)},0,{random.Next(9)},3",
                7 => $"flatten={random.Next(1 << 24):x6}",
                _ => "flip=v",
            });
        }

        if (random.Next(2) == 0)
        {
            pairs.Add($"quality={random.Next(1, 101)}");
        }

        return pairs;
    }

    /// <summary>Encodes some characters of a parameter that need not be encoded.</summary>
    private static string Respell(Random random, string pair)
    {
        var text = new StringBuilder();
        foreach (var character in pair)
        {
            _ = character != '=' && random.Next(3) == 0
                ? text.Append(CultureInfo.InvariantCulture, $"%{(int)character:x2}") : text.Append(character);
        }

        return text.ToString();
    }

    private static string KeyOf(IEnumerable<string> pairs, string extension)
    {
        var fault = VariantQuery.Read(
            VariantQuery.ReadPairs(string.Join('&', pairs)), extension, new Dictionary<string, VariantWish>(), out var wish);
        Assert.True(fault is null, fault?.Message);
        return VariantKey.Write(wish!.Request with { Format = wish.Format!.Value });
    }
}
