using MediaAspire.Core.Ids;
using MediaAspire.Core.Lifecycle;

namespace MediaAspire.Tests.Lifecycle;

public sealed class LifecycleJudgeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly LifecycleRule s_days = new("r", true, new LifecycleFilter()) { Days = 2 };
    private static readonly VersionRecord s_current = new(
        VersionId.New(TimeProvider.System), "a/b", 7, IsLatest: true, IsDeleteMarker: false, s_now.AddDays(-4), 100,
        new Dictionary<string, string>())
    {
        IsAlone = true,
    };

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, ExpiryKind.Current)]
    public void Judge_CurrentVersion_GoesAtTheMidnightAfterItsDays(int age, ExpiryKind? expected) =>
        Assert.Equal(expected, Judge(s_current with { ModifiedAt = s_now.AddDays(-age) }, s_days));

    [Fact]
    public void Judge_DisabledRule_LetsNothingGo()
    {
        Assert.Null(Judge(s_current, s_days with { IsEnabled = false }));
        Assert.Empty(new LifecycleJudge(new([s_days with { IsEnabled = false }]), LifecycleClock.Real).VersionRanges);
    }

    [Theory]
    [InlineData(-1, ExpiryKind.Current)]
    [InlineData(1, null)]
    public void Judge_Date_LetsEverythingGoOnceItIsOver(int days, ExpiryKind? expected) => Assert.Equal(
        expected,
        Judge(s_current with { ModifiedAt = s_now }, s_days with { Days = null, Date = new(s_now.AddDays(days).Date, TimeSpan.Zero) }));

    [Fact]
    public void Judge_Filter_NeedsEveryCondition()
    {
        var filter = new LifecycleFilter { Prefix = "a/", SizeGreaterThan = 99, SizeLessThan = 101, Tags = [new("x", "1"), new("y", "2")] };
        var tags = new Dictionary<string, string> { ["x"] = "1", ["y"] = "2", ["z"] = "3" };
        var match = s_current with { Tags = tags };
        var rule = s_days with { Filter = filter };

        Assert.Equal(ExpiryKind.Current, Judge(match, rule));
        Assert.Null(Judge(match with { Key = "A/b" }, rule));
        Assert.Null(Judge(match with { Size = 99 }, rule));
        Assert.Null(Judge(match with { Size = 101 }, rule));
        Assert.Null(Judge(match with { Tags = new Dictionary<string, string> { ["x"] = "1" } }, rule));
        Assert.Null(Judge(match with { Tags = new Dictionary<string, string> { ["x"] = "1", ["y"] = "3" } }, rule));
    }

    [Fact]
    public void Judge_NoncurrentVersion_GoesByTheTimeSinceItWasSucceeded()
    {
        var rule = s_days with { Days = 1, NoncurrentDays = 2 };
        var version = s_current with { IsLatest = false, IsAlone = false, SucceededAt = s_now.AddDays(-3) };

        Assert.Equal(ExpiryKind.Noncurrent, Judge(version, rule));
        Assert.Equal(ExpiryKind.Noncurrent, Judge(version with { IsDeleteMarker = true }, rule));
        Assert.Null(Judge(version with { IsHeld = true }, rule));
        Assert.Null(Judge(version with { SucceededAt = s_now.AddDays(-2) }, rule));
        Assert.Null(Judge(version, s_days));
        Assert.Null(Judge(version with { IsDeleteMarker = true }, rule with { Filter = new LifecycleFilter { SizeLessThan = 1 } }));
    }

    [Theory]
    [InlineData(4, null)]
    [InlineData(5, ExpiryKind.Noncurrent)]
    public void Judge_NewerNoncurrentVersions_AreKept(int newer, ExpiryKind? expected) => Assert.Equal(
        expected,
        Judge(
            s_current with { IsLatest = false, IsAlone = false, SucceededAt = s_now.AddDays(-9), NewerNoncurrent = newer },
            s_days with { NoncurrentDays = 1, NewerNoncurrentVersions = 5 }));

    [Fact]
    public void Judge_DeleteMarker_GoesOnlyWhenItHidesNothing()
    {
        var marker = s_current with { IsDeleteMarker = true, ModifiedAt = s_now };
        var rule = new LifecycleRule("r", true, new LifecycleFilter { Prefix = "a/" }) { ExpiredDeleteMarker = true };

        Assert.Equal(ExpiryKind.DeleteMarker, Judge(marker, rule));
        Assert.Null(Judge(marker with { IsAlone = false }, rule));
        Assert.Null(Judge(marker, rule with { ExpiredDeleteMarker = false }));
        Assert.Null(Judge(marker with { Key = "b" }, rule));
        Assert.Null(Judge(marker, s_days));
        Assert.Equal(ExpiryKind.DeleteMarker, Judge(marker with { ModifiedAt = s_now.AddDays(-3) }, s_days));
        var tagged = s_days with { Filter = new LifecycleFilter { Tags = [new("x", "1")] } };
        Assert.Null(Judge(marker with { ModifiedAt = s_now.AddDays(-3) }, tagged));
    }

    [Fact]
    public void IsUploadDue_GoesByItsBeginning()
    {
        var judge = new LifecycleJudge(
            new([new("r", true, new LifecycleFilter { Prefix = "a/" }) { AbortUploadDays = 2 }, s_days]), LifecycleClock.Real);

        Assert.True(judge.IsUploadDue("a/b", s_now.AddDays(-3), s_now));
        Assert.False(judge.IsUploadDue("a/b", s_now.AddDays(-2), s_now));
        Assert.False(judge.IsUploadDue("b", s_now.AddDays(-3), s_now));
        Assert.Equal(["a/"], judge.UploadRanges.Select(range => range.Prefix));
        Assert.Equal([""], judge.VersionRanges.Select(range => range.Prefix));
    }

    [Fact]
    public void FindExpiration_SeveralRules_GivesTheEarliest()
    {
        var rules = new LifecycleConfiguration(
            [s_days with { Id = "five", Days = 5 }, s_days with { Id = "two" }, s_days with { Id = "three", Days = 3 }]);

        var expiration = rules.FindExpiration("a", 1, new Dictionary<string, string>(), s_now, LifecycleClock.Real);

        Assert.Equal("two", expiration?.Rule.Id);
        Assert.Equal(new DateTimeOffset(2026, 6, 18, 0, 0, 0, TimeSpan.Zero), expiration?.At);
    }

    [Fact]
    public void ToJson_AnyRule_IsReadBackTheSame()
    {
        var rules = new LifecycleConfiguration(
        [
            s_days with { HasOuterPrefix = true, Filter = new LifecycleFilter { Prefix = "" } },
            new("ü", false, new LifecycleFilter { SizeGreaterThan = 1, SizeLessThan = 9, Tags = [new("k", "v")] })
            {
                Date = s_now,
                AbortUploadDays = 3,
            },
            new("m", true, new LifecycleFilter()) { ExpiredDeleteMarker = false, NoncurrentDays = 4, NewerNoncurrentVersions = 5 },
        ]);

        var json = rules.ToJson();

        Assert.Equal(json, LifecycleConfiguration.TryParse(json)?.ToJson());
        Assert.Equal(s_now, LifecycleConfiguration.TryParse(json)?.Rules[1].Date);
        Assert.Equal([new LifecycleTag("k", "v")], LifecycleConfiguration.TryParse(json)?.Rules[1].Filter.Tags);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"rules\":null}")]
    [InlineData("{\"rules\":[{\"id\":\"r\"}]}")]
    public void TryParse_AnotherDocument_IsNull(string json) => Assert.Null(LifecycleConfiguration.TryParse(json));

    private static ExpiryKind? Judge(VersionRecord version, LifecycleRule rule) =>
        new LifecycleJudge(new([rule]), LifecycleClock.Real).Judge(version, s_now);
}
