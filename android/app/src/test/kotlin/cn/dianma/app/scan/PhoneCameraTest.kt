// The phone's camera as far as the framework goes without a lens: absent, denied, opened, taken away.
package cn.dianma.app.scan

import android.content.Context
import android.hardware.camera2.CameraManager
import android.os.Handler
import android.os.HandlerThread
import cn.dianma.app.camera.CameraAbilities
import cn.dianma.app.camera.CameraProblem
import cn.dianma.app.camera.CameraUse
import cn.dianma.app.camera.CameraWatcher
import cn.dianma.app.camera.Frame
import cn.dianma.app.camera.FrameCounts
import cn.dianma.app.camera.PhoneCamera
import cn.dianma.app.harness.ScreenTest
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowCameraCharacteristics
import java.io.File

class PhoneCameraTest : ScreenTest() {
    private val thread = HandlerThread("camera-test").apply { start() }
    private val told = ArrayList<CameraProblem>()
    private val watcher =
        object : CameraWatcher {
            override fun onOpened(abilities: CameraAbilities) = Unit

            override fun onFrame(frame: Frame) = Unit

            override fun onProblem(problem: CameraProblem) {
                told += problem
            }
        }

    @Test
    fun a_phone_without_a_camera_says_so_once() {
        camera(CameraUse.FRAMES).open(watcher)
        quiet()
        assertEquals(listOf(CameraProblem.ABSENT), told)
    }

    @Test
    fun a_camera_that_another_app_takes_is_told_and_may_be_opened_again() {
        addCamera()
        val camera = camera(CameraUse.FRAMES)
        camera.open(watcher)
        quiet()
        manager().let { shadowOf(it).triggerDisconnect() }
        quiet()
        assertEquals(listOf(CameraProblem.TAKEN), told)
        camera.open(watcher)
        quiet()
        camera.close()
        assertEquals(1, told.size)
    }

    @Test
    fun a_photo_that_cannot_be_taken_is_told() {
        addCamera()
        val camera = camera(CameraUse.PHOTO)
        camera.open(watcher)
        quiet()
        var isThere: Boolean? = null
        camera.takePicture(File(app.cacheDir, "photo")) { isThere = it }
        quiet()
        assertEquals(false, isThere)
        camera.close()
    }

    private fun camera(use: CameraUse) = PhoneCamera(app, use, FrameCounts()) { Handler(thread.looper) }

    /** What the camera does on its thread is done, and what it posted home. */
    private fun quiet() {
        repeat(ROUNDS) {
            shadowOf(thread.looper).idle()
            settle()
        }
    }

    private fun addCamera() = shadowOf(manager()).addCamera("0", ShadowCameraCharacteristics.newCameraCharacteristics())

    private fun manager() = app.getSystemService(Context.CAMERA_SERVICE) as CameraManager

    private companion object {
        const val ROUNDS = 3
    }
}
