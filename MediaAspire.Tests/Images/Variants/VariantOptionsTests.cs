using MediaAspire.Core.Images.Variants;

namespace MediaAspire.Tests.Images.Variants;

public sealed class VariantOptionsTests
{
    [Fact]
    public void Validate_PresetsThatCannotBeRead_AreRefusedTogether()
    {
        var options = new VariantOptions();
        options.Presets["good"] = "crop=1x1&resize=320";
        options.Presets["bad name"] = "resize=320";
        options.Presets["bad"] = "resize=many";
        options.Presets["nested"] = "preset=good";
        options.Eager.Add("good.webp");
        options.Eager.Add("good");
        options.Eager.Add("good.heic");
        options.Eager.Add("unknown.webp");

        var result = new VariantOptionsRules().Validate(null, options);

        Assert.Equal(6, result.Failures!.Count());
    }

    [Fact]
    public void Validate_Defaults_AreValid()
    {
        Assert.True(new VariantOptionsRules().Validate(null, new()).Succeeded);
        Assert.True(new VariantOptionsValidator().Validate(null, new()).Succeeded);
    }
}
